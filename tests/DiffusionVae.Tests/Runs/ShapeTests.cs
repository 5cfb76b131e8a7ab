using DiffusionVae.Data;
using DiffusionVae.Models;
using DiffusionVae.Runs;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Runs;

/// <summary>Runs on vectors and on images in colour, opened again from their files.</summary>
public sealed class ShapeTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(null, "gaussian:learned")]
    [InlineData("gaussian:learned-each", "gaussian:learned-each")]
    [InlineData("poisson", "poisson")]
    [InlineData("negative-binomial", "negative-binomial")]
    public void A_run_on_vectors_is_opened_with_their_names_what_was_learnt_and_the_same_means(string? decoder, string used)
    {
        Tensor counts = randint(0, 9, [30, 3], generator: new Generator(1, CPU));
        var shape = ObservationShape.Vector(["a", "b", "c"]);
        using var data = new ImageData("table", new ImageSet("train", counts, shape), new ImageSet("test", counts[..5], shape));
        using Run opened = TrainAndOpen(data, decoder);
        Assert.Equal(used, opened.Config.Network.Decoder);
        Assert.Equal(["a", "b", "c"], opened.Shape.FeatureNames);
        using var other = new ImageSet("other", counts, ObservationShape.Vector(["a", "c", "b"]));
        Assert.Contains("feature 2 is 'c'; in the run it is 'b'", Assert.Throws<ArgumentException>(() => opened.Encode(other)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Networks_of_few_large_images_see_coordinates_in_the_plane_of_these()
    {
        var bytes = randint(0, 256, [10, 3, 4, 4], ScalarType.Byte, generator: new Generator(2, CPU));
        using var data = new ImageData("photos", new ImageSet("train", bytes), new ImageSet("test", bytes[..2]));
        using Run opened = TrainAndOpen(data, null);
        Assert.True(opened.Shape.IsColour);
        Standardisation standardisation = opened.Model.Standardisation!;
        // Ten images span a plane of nine dimensions. Its coordinates have the distances of the images.
        Assert.Equal([9, 48], standardisation.Basis!.shape);
        Tensor back = standardisation.Output(standardisation.Input(data.Train.Pixels));
        Assert.InRange(Numeric.Greatest(back - data.Train.Pixels), 0, 1e-5);
        Assert.Equal(1, standardisation.Input(data.Train.Pixels).square().mean().item<float>(), 1e-4);
    }

    /// <summary>Trains a run for an epoch; the run that is opened must decode and score the same.</summary>
    private Run TrainAndOpen(ImageData data, string? decoder)
    {
        var config = new RunConfig
        {
            Manifold = "sphere:2",
            Network = new NetworkOptions { EncoderWidths = [8], DecoderWidths = [8], Decoder = decoder },
            Training = new TrainingOptions { Epochs = 1, Repeats = 3, BatchSize = 16 },
        };
        string path = folder["run"];
        using Run trained = Run.Train(config, data, path);
        Run opened = Run.Open(path);
        Assert.Equal(Numeric.Values(trained.Reconstruct(data.Test)), Numeric.Values(opened.Reconstruct(data.Test)));
        Assert.Equal(trained.Score(data.Test).Elbo, opened.Score(data.Test).Elbo);
        Assert.Equal(opened.History[^1].Validation.Elbo, opened.Score(data.Test).Elbo, 1e-9);
        return opened;
    }
}
