// An encoder and a decoder of one's own: convolutions with circular padding, for all translations of a periodic picture.
// OwnNetworks [EPOCHS [IMAGES]]
using System.Globalization;
using DiffusionVae;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch.nn;

const int side = 16;
int epochs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
int count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 2000;
torch.random.manual_seed(1);

// Images and outputs are rows of pixels; what leaves the encoder are coordinates of a point of the torus, and log t.
LatentSpace latent = LatentSpace.Parse("torus:2");
Module<torch.Tensor, torch.Tensor> encoder = Sequential(
    ("image", Unflatten(1, [1, side, side])),
    ("first", Circular(1, 16, stride: 2)),
    ("bend", ReLU()),
    ("second", Circular(16, 32, stride: 2)),
    ("bend again", ReLU()),
    ("flat", Flatten()),
    ("outputs", Linear(32 * side * side / 16, latent.EncoderOutputs)));
Module<torch.Tensor, torch.Tensor> decoder = Sequential(
    ("inputs", Linear(DiffusionAutoencoder.DecoderInputs(latent), 32 * side * side / 16)),
    ("bend", ReLU()),
    ("small", Unflatten(1, [32, side / 4, side / 4])),
    ("first", Circular(32, 32)),
    ("bend again", ReLU()),
    ("second", Circular(32, 16)),
    ("full", PixelShuffle(4)),
    ("flat", Flatten()));
using var model = new DiffusionAutoencoder(latent, encoder, decoder, PixelLikelihood.Parse("gaussian"));

PeriodicPicture picture = PeriodicPicture.Simple(side);
using torch.Generator draws = Seeds.Generator(0, RandomPurpose.Factors);
using ImageSet train = picture.Sample("to train on", count, draws), test = picture.Sample("to test on", count / 4, draws);
ModelScore elbo = new Trainer(model, new TrainingOptions { Epochs = epochs }).Train(train, test)[^1].Validation;
double? limit = LikelihoodBound.Of(picture, test, model.Likelihood);
Console.WriteLine(FormattableString.Invariant($"test ELBO {elbo.Elbo:0.00} (the limit is {limit:0.00}), KL {elbo.Kl:0.00}, MSE {elbo.Mse:0.0000}"));

static Module<torch.Tensor, torch.Tensor> Circular(int from, int to, int stride = 1) =>
    Conv2d(from, to, kernel_size: 3, stride: stride, padding: 1, padding_mode: PaddingModes.Circular);
