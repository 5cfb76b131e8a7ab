using DiffusionVae.Data;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Data;

public sealed class MnistTests
{
    [Fact]
    public void Mnist_is_found_from_the_folder_of_the_tests_and_is_as_published()
    {
        string folder = Assert.IsType<string>(Mnist.Find());
        Assert.Empty(Mnist.Verify(folder));
    }

    [Fact]
    public void Mnist_has_the_known_counts_and_sums()
    {
        using var scope = NewDisposeScope();
        using ImageData data = Mnist.Load();
        Assert.Equal(
            (60000L, 10000L, 28, 28, 784, "mnist"),
            (data.Train.Count, data.Test.Count, data.Shape.Height, data.Shape.Width, data.PixelCount, data.Name));

        // Means known as 0.1307 and 0.1325; sums of grey values counted from the files.
        Assert.Equal(1567298545L, Grey(data.Train));
        Assert.Equal(264923200L, Grey(data.Test));
        Assert.Equal(
            [5923L, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], data.Train.Labels!.bincount(null).data<long>().ToArray());
        Assert.Equal([980L, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], data.Test.Labels!.bincount(null).data<long>().ToArray());
        Assert.Equal([7L, 2, 1, 0, 4], data.Test.Labels![..5].data<long>().ToArray());
    }

    [Fact]
    public void Verify_says_which_file_is_missing_damaged_or_different()
    {
        using var folder = new TemporaryFolder();
        string images = folder.Write("train-images-idx3-ubyte", IdxBuilder.Images(1, 2, 2));
        string labels = folder.Write("train-labels.idx1-ubyte.gz", IdxBuilder.Gzip(IdxBuilder.Labels(1))[..^4]);
        IReadOnlyList<string> problems = Mnist.Verify(folder.Path);
        Assert.Equal(4, problems.Count);
        Assert.StartsWith(
            $"{images}: differs from the published file: expected content with SHA-256 ba89", problems[0], StringComparison.Ordinal);
        Assert.StartsWith($"{labels}: the gzip is cut short", problems[1], StringComparison.Ordinal);
        Assert.Equal($"{folder["t10k-images-idx3-ubyte"]}: missing, and so is t10k-images-idx3-ubyte.gz", problems[2]);
        Assert.Equal($"{folder["t10k-labels-idx1-ubyte"]}: missing, and so is t10k-labels-idx1-ubyte.gz", problems[3]);
    }

    [Fact]
    public void Places_are_the_working_directory_the_program_and_the_cache_in_this_order()
    {
        string root = Path.GetPathRoot(Path.GetTempPath())!;
        string[] places = Mnist.Places(
            Path.Combine(root, "a", "b"), Path.Combine(root, "a", "bin") + Path.DirectorySeparatorChar, Path.Combine(root, "cache"));
        string[][] expected = [["a", "b", "data"], ["a", "data"], ["data"], ["a", "bin", "data"], ["cache", "dvae"]];
        Assert.Equal(expected.Select(parts => Path.Combine([root, .. parts, "mnist"])), places);
    }

    [Fact]
    public void The_cache_follows_the_environment()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        Assert.Equal("/somewhere", Mnist.Cache("/somewhere"));
        Assert.Equal(home, Mnist.Cache("relative"));
        Assert.Equal(home, Mnist.Cache(""));
        Assert.Equal(home, Mnist.Cache(null));
    }

    [Fact]
    public void A_place_counts_only_if_the_images_are_there()
    {
        using var folder = new TemporaryFolder();
        string[] places = [folder["none"], folder["empty"], folder["full"]];
        Directory.CreateDirectory(places[1]);
        Assert.Null(Mnist.Find(places));
        Assert.Equal(
            $"train-images-idx3-ubyte.gz: MNIST is in none of the places looked at: {places[0]}, {places[1]}, {places[2]}; put its "
                + $"four files into one of them",
            Assert.Throws<DataFormatException>(() => Mnist.Load(places)).Message);
        Directory.CreateDirectory(places[2]);
        folder.Write("full/train-images-idx3-ubyte", IdxBuilder.Images(1, 2, 2));
        Assert.Equal(places[2], Mnist.Find(places));
        Assert.StartsWith(
            $"{places[2]}: no images to test on", Assert.Throws<DataFormatException>(() => Mnist.Load(places)).Message,
            StringComparison.Ordinal);
    }

    private static long Grey(ImageSet set) => set.Pixels.mul(255).round().sum(ScalarType.Float64).to(ScalarType.Int64).item<long>();
}
