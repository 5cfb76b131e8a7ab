// Trains by a loop of your own: the ELBO of a batch, its gradient, and a step of torch's Adam.
// OwnLoop [EPOCHS [FOLDER OF IDX FILES]]
using System.Globalization;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using TorchSharp;

int epochs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
using ImageData data = args.Length > 1 ? IdxFolder.Load(args[1]) : Mnist.Load();
using torch.Generator weights = new(1), order = new(2);
using torch.Generator noise = new(3);

using DiffusionAutoencoder model =
    DiffusionAutoencoder.Create(LatentSpace.Parse("sphere:2"), data.PixelCount, new NetworkOptions(), weights);
using var adam = torch.optim.Adam(model.parameters(), lr: 1e-3);
for (int epoch = 1; epoch <= epochs; epoch++)
{
    using var scope = torch.NewDisposeScope();
    foreach (torch.Tensor rows in torch.randperm(data.Train.Count, generator: order).split(128))
    {
        using var step = torch.NewDisposeScope();
        ElboTerms terms = model.Elbo(data.Train.Pixels.index_select(0, rows), noise);
        torch.Tensor loss = (terms.Divergence.sum(-1) - terms.LogLikelihood).mean();
        adam.zero_grad();
        loss.backward();
        adam.step();
    }
    ModelScore score = ModelScore.Measure(model, data.Test, noise);
    Console.WriteLine(
        FormattableString.Invariant($"epoch {epoch}: test ELBO {score.Elbo:0.00}, KL {score.Kl:0.00}, MSE {score.Mse:0.0000}"));
}
