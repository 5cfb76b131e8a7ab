// Trains convolutional networks of your own on all translations of a periodic picture, and writes a report
// about the run. OwnNetworks [EPOCHS [IMAGES [FOLDER OF THE RUN]]]
using System.Globalization;
using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using DiffusionVae.Reports;
using DiffusionVae.Runs;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch.nn;

const int side = 16;
int epochs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
int count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 2000;
string folder = args.Length > 2 ? args[2] : Path.Combine(Path.GetTempPath(), "own-networks-" + Path.GetRandomFileName());
PeriodicPicture picture = PeriodicPicture.Simple(side);
using torch.Generator draws = new(1);
using var data = new ImageData("translations", picture.Sample("train", count, draws), picture.Sample("test", count / 4, draws), picture);
var config = new RunConfig { Data = data.Name, Training = new TrainingOptions { Epochs = epochs } };

// If the folder exists, Resume continues the run in it, or opens a complete one. If not, Train starts one.
using Run run = Directory.Exists(folder) ? Run.Resume(folder, data, CreateModel) : Run.Train(config, data, folder, CreateModel);
RunEvaluation evaluation = run.Evaluate(data);
Console.WriteLine(FormattableString.Invariant($"test ELBO {evaluation.Score.Elbo:0.00} (the limit is {evaluation.LikelihoodBound:0.00})"));
Console.WriteLine($"report: {RunReport.Write(run, data).Page}");

// From rows of pixels to the coordinates of a point of the torus and log t, and from a point to rows of
// pixels.
static DiffusionAutoencoder CreateModel(ModelRequest request)
{
    LatentSpace latent = LatentSpace.Parse("torus:2");
    int small = side / 4, inputs = DiffusionAutoencoder.DecoderInputs(latent);
    var encoder = Sequential(
        Unflatten(1, [1, side, side]), Circular(1, 16, stride: 2), BatchNorm2d(16), ReLU(), Circular(16, 32, stride: 2), ReLU(),
        Flatten(), Linear(32 * small * small, latent.EncoderOutputs));
    var decoder = Sequential(
        Linear(inputs, 32 * small * small), ReLU(), Unflatten(1, [32, small, small]), Circular(32, 32), ReLU(), Circular(32, 16),
        PixelShuffle(4), Flatten());
    return new DiffusionAutoencoder(latent, encoder, decoder, PixelLikelihood.Parse("gaussian"));
}

static Module<torch.Tensor, torch.Tensor> Circular(int from, int to, int stride = 1) =>
    Conv2d(from, to, kernel_size: 3, stride: stride, padding: 1, padding_mode: PaddingModes.Circular);
