using DiffusionVae.Data;

namespace DiffusionVae.Tests.Data;

/// <summary>Folders of images in colour and of classes.</summary>
public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void One_coloured_pixel_makes_all_images_coloured()
    {
        Picture("a.png", (_, _) => 10);
        Picture("b.png", (x, channel) => (50 * x) + channel);
        using ImageData data = DataCatalogue.Parse(folder.Path).Load();
        Assert.True(data.Shape.IsColour);
        Assert.Equal(Enumerable.Repeat((double)(10 / 255f), 6), Numeric.Values(data.Train.Pixels));
        // All of red, then of green, then of blue.
        Assert.Equal(Bytes(0, 50, 1, 51, 2, 52), Numeric.Values(data.Test.Pixels));
        using ImageData grey = DataCatalogue.Parse(folder.Path + ":grey").Load();
        Assert.False(grey.Shape.IsColour);
        Assert.Equal(0.587 / 255 + (2 * 0.114 / 255), Numeric.Values(grey.Test.Pixels)[0], 1e-7);
    }

    /// <summary>Six dogs and two cats: the last quarter to test on has of both.</summary>
    [Fact]
    public void Folders_are_classes_and_each_is_tested_on()
    {
        foreach ((string name, int count) in new[] { ("dog", 6), ("cat", 2) })
        {
            Directory.CreateDirectory(folder[$"{name}/deep"]);
            for (int i = 0; i < count; i++)
            {
                Picture($"{name}/{(i == 0 ? "deep/" : "")}{i}.png", (_, _) => i);
            }
            folder.Write($"{name}/._1.png", [0, 5, 22, 7]);
        }
        Directory.CreateDirectory(folder["notes"]);
        using ImageData data = DataCatalogue.Parse(folder.Path + ":4").Load();
        Assert.Equal(["cat", "dog"], data.Train.LabelNames);
        Assert.Equal([1, 0, 1, 1], data.Train.Labels!.data<long>().ToArray());
        Assert.Equal([1, 0, 1, 1], data.Test.Labels!.data<long>().ToArray());
        Assert.Equal("dog", data.Train.NameOf(1));
    }

    [Fact]
    public void Classes_to_train_and_to_test_on_have_the_same_names()
    {
        foreach (string name in new[] { "train/a", "train/b", "val/a", "val/b" })
        {
            Directory.CreateDirectory(folder[name]);
            Picture($"{name}/1.png", (_, _) => 3);
        }
        using (ImageData data = DataCatalogue.Parse(folder.Path).Load())
        {
            Assert.Equal((2L, 2L), (data.Train.Count, data.Test.Count));
            Assert.Equal([0, 1], data.Test.Labels!.data<long>().ToArray());
        }
        Directory.Delete(folder["val/b"], recursive: true);
        Assert.Equal(
            $"{folder["val"]}: expected the classes of {folder["train"]}, a, b, found a",
            Assert.Throws<DataFormatException>(() => ImageFolder.Load(folder.Path)).Message);
    }

    [Fact]
    public void Hidden_files_are_left_out_and_unknown_formats_are_refused()
    {
        Picture("a.png", (_, _) => 1);
        Picture("b.png", (_, _) => 2);
        folder.Write("._a.png", [0, 5, 22, 7]);
        using (ImageData data = ImageFolder.Load(folder.Path))
        {
            Assert.Equal(2, data.Train.Count + data.Test.Count);
        }
        string other = folder.Write("c.webp", [1]);
        Assert.StartsWith(
            $"{other}: nothing here reads images of this kind; convert them to PNG (mogrify -format png '*.webp')",
            Assert.Throws<DataFormatException>(() => ImageFolder.Load(folder.Path)).Message, StringComparison.Ordinal);
        ImageFolder.Register(".webp", _ => TorchSharp.torch.ones(1, 2));
        using ImageData registered = ImageFolder.Load(folder.Path);
        Assert.Equal([1, 1], Numeric.Values(registered.Test.Pixels));
    }

    /// <summary>Black ink on nothing: without its transparency the image would be black alone.</summary>
    [Fact]
    public void Ink_in_the_transparency_is_refused()
    {
        string path = folder.Write("a.png", PngBuilder.File(1, 2, 6, 8, (_, x, channel) => channel == 3 ? 100 * x : 0));
        Assert.Contains(
            "only its transparency, which is not read, shapes it", Assert.Throws<DataFormatException>(() => PngFile.Read(path)).Message,
            StringComparison.Ordinal);
    }

    private static IEnumerable<double> Bytes(params int[] values) => values.Select(value => (double)(value / 255f));

    private void Picture(string name, Func<int, int, int> value) =>
        folder.Write(name, PngBuilder.File(1, 2, 2, 8, (_, x, channel) => value(x, channel)));
}
