// Trains on your own latent spaces: a surface given by an equation, and one given by parameters.
// OwnManifold [EPOCHS [IMAGES]]
using System.Globalization;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Models;
using DiffusionVae.Training;
using TorchSharp;

int epochs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
int count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 2000;

// All x with F(x) = 0: a sphere with a pointed end. Distances, curvature and area are computed from the
// formula. Once its family is registered, ids such as egg:0.3 name it, also in products.
ManifoldCatalogue.Register(
    new ManifoldFamily
    {
        Name = "egg",
        Syntax = "egg:s",
        Summary = "a sphere with a pointed end",
        Advice = "directions, one of which is special",
        Examples = ["egg:0.3"],
        Create = numbers =>
            numbers is [> 0 and < 0.38]
                ? new LevelSet(FormattableString.Invariant($"egg:{numbers[0]}"), 3, radius: 2, x =>
                    x.pow(2).sum(-1) + (numbers[0] * x.select(-1, 2).pow(3)) - 1)
                : throw new FormatException("one number between 0 and 0.38"),
    });
IManifold egg = ManifoldCatalogue.Parse("egg:0.3");

// All φ(u, v): a ring with three swellings.
ChartAxis[] angles = [new("u", -Math.PI, Math.PI, IsPeriodic: true), new("v", -Math.PI, Math.PI, IsPeriodic: true)];
var ring = new ParametrisedManifold("swollen ring", 3, angles, parameters =>
{
    (torch.Tensor u, torch.Tensor v) = (parameters.select(-1, 0), parameters.select(-1, 1));
    torch.Tensor tube = 0.5 + (0.1 * (3 * v).cos()), fromAxis = 2 + (tube * u.cos());
    return torch.stack([fromAxis * v.cos(), fromAxis * v.sin(), tube * u.sin()], -1);
});

PeriodicPicture picture = PeriodicPicture.Simple(16);
using torch.Generator draws = new(1), weights = new(2);
using ImageSet train = picture.Sample("to train on", count, draws), test = picture.Sample("to test on", count / 4, draws);

foreach (IClosedManifold manifold in new[] { (IClosedManifold)egg, ring })
{
    Console.WriteLine(FormattableString.Invariant($"{manifold.Id}: area {Math.Exp(manifold.LogVolume):0.000}"));
    LatentSpace latent = LatentSpace.Create(manifold);
    using DiffusionAutoencoder model =
        DiffusionAutoencoder.Create(latent, train.PixelCount, new NetworkOptions { EncoderWidths = [128], DecoderWidths = [128] }, weights);
    // An aligned start projects many thousands of points, each by Newton's iteration: a random one comes
    // sooner to the end.
    var options = new TrainingOptions { Epochs = epochs, Initialisation = Initialisation.Random };
    ModelScore elbo = new Trainer(model, options).Train(train, test)[^1].Validation;
    Console.WriteLine(FormattableString.Invariant($"{manifold.Id}: test ELBO {elbo.Elbo:0.00}, KL {elbo.Kl:0.00}, MSE {elbo.Mse:0.0000}"));
}
