// Trains a variational autoencoder with a torus as latent space, and walks once round the torus.
// Quickstart [EPOCHS [FOLDER OF IDX FILES]]
using System.Globalization;
using DiffusionVae.Data;
using DiffusionVae.Manifolds;
using DiffusionVae.Runs;
using DiffusionVae.Training;
using TorchSharp;

int epochs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
using ImageData data = args.Length > 1 ? IdxFolder.Load(args[1]) : Mnist.Load();
var config = new RunConfig { Manifold = "torus:2", Training = new TrainingOptions { Epochs = epochs } };
string folder = Path.Combine(Path.GetTempPath(), "quickstart-" + Path.GetRandomFileName());

using Run run = Run.Train(config, data, folder);
EpochMetrics last = run.History[^1];
Console.WriteLine(
    FormattableString.Invariant($"test ELBO {last.Validation.Elbo:0.00}, KL {last.Validation.Kl:0.00}, MSE {last.Validation.Mse:0.0000}"));

// Eight points on the first circle of the torus, decoded to images.
using var scope = torch.NewDisposeScope();
torch.Tensor turn = torch.linspace(0, 2 * Math.PI, 9)[..8];
torch.Tensor points = FlatTorus.FromAngles(torch.stack([turn, torch.zeros_like(turn)], -1));
torch.Tensor images = run.Model.Decode(points);
Console.WriteLine($"decoded {images.shape[0]} images of {run.Shape}; the run is in {folder}");
