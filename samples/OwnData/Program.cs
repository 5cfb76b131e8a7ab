// Trains on your own data: a folder of PNG images, a NumPy array in a .npy file, or, if neither is named,
// a tensor. OwnData [EPOCHS [FOLDER OF PNG IMAGES | FILE.npy]]
using System.Globalization;
using DiffusionVae.Data;
using DiffusionVae.Runs;
using DiffusionVae.Training;
using TorchSharp;

int epochs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
using ImageData data = args.Length < 2 ? FromTensors()
    : args[1].EndsWith(".npy", StringComparison.Ordinal) ? NpyFile.Load(args[1]) // [count, height, width]; the last tenth is to test on
    : ImageFolder.Load(args[1]);
Console.WriteLine(FormattableString.Invariant(
    $"{data.Name}: {data.Train.Count} images to train on, {data.Test.Count} to test on, of {data.Shape}"));

var config = new RunConfig { Manifold = "torus", Training = new TrainingOptions { Epochs = epochs } };
string folder = Path.Combine(Path.GetTempPath(), "own-data-" + Path.GetRandomFileName());
using Run run = Run.Train(config, data, folder);
RunEvaluation evaluation = run.Evaluate(data);
Console.WriteLine(FormattableString.Invariant(
    $"test ELBO {evaluation.Score.Elbo:0.00}, KL {evaluation.Score.Kl:0.00}, MSE {evaluation.Score.Mse:0.0000}"));
Console.WriteLine($"the run is in {folder}");

// Spots of light at random places of a periodic picture, 16 by 16. An ImageSet copies its tensor.
static ImageData FromTensors()
{
    using var scope = torch.NewDisposeScope();
    torch.random.manual_seed(1);
    return new ImageData("spots", new ImageSet("spots to train on", Spots(2000)), new ImageSet("spots to test on", Spots(500)));
}

static torch.Tensor Spots(long count)
{
    torch.Tensor grid = torch.arange(16) * (2 * Math.PI / 16), places = torch.rand(count, 2) * (2 * Math.PI);
    torch.Tensor down = (3 * ((grid - places[.., 0..1]).cos() - 1)).exp(), across = (3 * ((grid - places[.., 1..2]).cos() - 1)).exp();
    return down.unsqueeze(2) * across.unsqueeze(1);
}
