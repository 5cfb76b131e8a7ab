using DiffusionVae.Data;

namespace DiffusionVae.Tests.Data;

public sealed class IdxFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("-", "")]
    [InlineData("-", ".gz")]
    [InlineData(".", "")]
    [InlineData(".", ".gz")]
    public void Files_are_found_under_each_of_their_names(string separator, string ending)
    {
        folder.Write($"train-images{separator}idx3-ubyte{ending}", IdxBuilder.Images(6, 3, 5));
        folder.Write($"train-labels{separator}idx1-ubyte{ending}", IdxBuilder.Labels(6));
        folder.Write($"t10k-images{separator}idx3-ubyte{ending}", IdxBuilder.Images(2, 3, 5));
        folder.Write($"t10k-labels{separator}idx1-ubyte{ending}", IdxBuilder.Labels(2));
        using ImageData data = IdxFolder.Load(folder.Path + "/");
        Assert.Equal((6L, 2L, 3, 5, 15), (data.Train.Count, data.Test.Count, data.Shape.Height, data.Shape.Width, data.PixelCount));
        Assert.Equal((6L, 2L), (data.Train.Labels!.shape[0], data.Test.Labels!.shape[0]));
        string name = Path.GetFileName(folder.Path);
        Assert.Equal((name, $"{name} train", $"{name} test"), (data.Name, data.Train.Name, data.Test.Name));
    }

    [Fact]
    public void Labels_may_be_missing()
    {
        folder.Write("train-images-idx3-ubyte", IdxBuilder.Images(6, 3, 5));
        folder.Write("t10k-images-idx3-ubyte", IdxBuilder.Images(2, 3, 5));
        using ImageData data = IdxFolder.Load(folder.Path, "mine");
        Assert.Null(data.Train.Labels);
        Assert.Null(data.Test.Labels);
        Assert.Equal("mine", data.Name);
    }

    [Fact]
    public void A_missing_file_is_reported_with_the_names_looked_for_and_what_is_there()
    {
        Refused(folder.Path,
            "no images to train on: expected one of train-images-idx3-ubyte, train-images-idx3-ubyte.gz, train-images.idx3-ubyte, "
            + "train-images.idx3-ubyte.gz in this folder, found nothing: it is empty");
        folder.Write("train-images-idx3-ubyte", IdxBuilder.Images(6, 3, 5));
        folder.Write("a.png", []);
        Directory.CreateDirectory(folder["more"]);
        Refused(folder.Path,
            "no images to test on: expected one of t10k-images-idx3-ubyte, t10k-images-idx3-ubyte.gz, t10k-images.idx3-ubyte, "
            + "t10k-images.idx3-ubyte.gz in this folder, found a.png, more, train-images-idx3-ubyte");
        for (int i = 10; i < 30; i++)
        {
            folder.Write($"0{i}.png", []);
        }

        Assert.EndsWith(
            ", 029.png and 3 more", Assert.Throws<DataFormatException>(() => IdxFolder.Load(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_named_as_a_file_is_said_to_be_one()
    {
        Directory.CreateDirectory(folder["train-images-idx3-ubyte"]);
        var error = Assert.Throws<DataFormatException>(() => IdxFolder.Load(folder.Path));
        Assert.Equal(
            $"{folder["train-images-idx3-ubyte"]}: expected a file of images to train on, found a folder of this name", error.Message);
    }

    /// <summary>The class is the first of the eight numbers of a row.</summary>
    [Fact]
    public void Files_are_found_under_the_names_of_QMNIST()
    {
        folder.Write("qmnist-train-images-idx3-ubyte", IdxBuilder.Images(3, 2, 2));
        folder.Write("qmnist-train-labels-idx2-int.gz", IdxBuilder.Gzip(IdxBuilder.LabelRows(5, 0, 9)));
        folder.Write("qmnist-test-images-idx3-ubyte.gz", IdxBuilder.Gzip(IdxBuilder.Images(2, 2, 2)));
        folder.Write("qmnist-test-labels-idx2-int", IdxBuilder.LabelRows(7, 1));
        using ImageData data = DataCatalogue.Parse(folder.Path).Load();
        Assert.Equal([5, 0, 9], data.Train.Labels!.data<long>().ToArray());
        Assert.Equal([7, 1], data.Test.Labels!.data<long>().ToArray());
        folder.Write("xqmnist-train-labels-idx2-int", IdxBuilder.LabelRows(5, 0, 9));
        Assert.EndsWith(
            "expected one file as train-labels-idx1-ubyte, found qmnist-train-labels-idx2-int.gz and xqmnist-train-labels-idx2-int; keep "
            + "one of them here",
            Assert.Throws<DataFormatException>(() => IdxFolder.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_one_is_refused()
    {
        Refused(folder["none"], "the folder does not exist");
        Refused(folder.Write("file", [1]), "expected a folder, found a file");
    }

    [Fact]
    public void Images_must_be_of_one_size()
    {
        string train = folder.Write("train-images-idx3-ubyte", IdxBuilder.Images(6, 3, 5));
        string test = folder.Write("t10k-images-idx3-ubyte", IdxBuilder.Images(6, 5, 3));
        var error = Assert.Throws<DataFormatException>(() => IdxFolder.Load(folder.Path));
        Assert.Equal($"{test}: expected images of 3 by 5 pixels, as in {train}, found 5 by 3 pixels", error.Message);
    }

    private static void Refused(string path, string problem) =>
        Assert.Equal($"{path}: {problem}", Assert.Throws<DataFormatException>(() => IdxFolder.Load(path)).Message);
}
