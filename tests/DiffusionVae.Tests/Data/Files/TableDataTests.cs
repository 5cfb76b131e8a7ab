using System.Text;
using DiffusionVae.Data;

namespace DiffusionVae.Tests.Data;

/// <summary>Tables as data sets: which columns are features, labels and names of files.</summary>
public sealed class TableDataTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>As tables of cells are: a name for each row, numbers, and a phase.</summary>
    [Fact]
    public void Texts_that_come_again_are_labels_and_other_texts_are_left_out()
    {
        string path = Write("cell,a,b,phase\nc1,1,2.5,s\nc2,3,-4,g2/m\nc3,5,6,s\nc4,7,8,g0/g1\n");
        using ImageData data = DataCatalogue.Parse(path + ":2").Load();
        Assert.Equal(["a", "b"], data.Shape.FeatureNames);
        Assert.Equal([1, 2.5, 3, -4], Numeric.Values(data.Train.Pixels));
        Assert.Equal([5, 6, 7, 8], Numeric.Values(data.Test.Pixels));
        Assert.Equal(["g0/g1", "g2/m", "s"], data.Train.LabelNames);
        Assert.Equal([2, 1], data.Train.Labels!.data<long>().ToArray());
        Assert.Equal([2, 0], data.Test.Labels!.data<long>().ToArray());
        Assert.Equal(["column 1 ('cell') is left out: its texts are names, no two alike."], data.Remarks);
    }

    [Fact]
    public void Any_column_is_the_label_that_is_named_or_numbered()
    {
        string path = Write("x,y,kind\n1,7,a\n2,7,b\n3,8,b\n");
        using ImageData byName = DataCatalogue.Parse(path + ":label=y").Load();
        Assert.Equal(["x"], byName.Shape.FeatureNames);
        Assert.Equal([7, 7], byName.Train.Labels!.data<long>().ToArray());
        using ImageData none = DataCatalogue.Parse(path + ":label=none,test=2").Load();
        Assert.Null(none.Train.Labels);
        Assert.Equal((1L, 2L, 2), (none.Train.Count, none.Test.Count, none.PixelCount));
        using ImageData numbered = DataCatalogue.Parse(Write("1,7\n2,7\n3,8\n") + ":label=2").Load();
        Assert.Equal((1, 0), (numbered.PixelCount, numbered.Shape.FeatureNames.Count));
        Assert.Equal([8], numbered.Test.Labels!.data<long>().ToArray());
    }

    [Fact]
    public void The_index_of_pandas_and_a_column_called_label_are_known()
    {
        using ImageData data = DataCatalogue.Parse(Write(",x,Label\n0,1.5,4\n1,2.5,4\n2,3.5,5\n")).Load();
        Assert.Equal(["x"], data.Shape.FeatureNames);
        Assert.Equal([4, 4], data.Train.Labels!.data<long>().ToArray());
        Assert.Equal(["column 1 ('') is left out: it counts the rows."], data.Remarks);
    }

    [Fact]
    public void A_column_of_file_names_makes_images_of_the_files()
    {
        Directory.CreateDirectory(folder["pictures"]);
        for (int i = 0; i < 4; i++)
        {
            folder.Write($"pictures/{i}.png", PngBuilder.File(1, 2, 0, 8, (_, x, _) => (10 * i) + x));
        }
        string path = Write("file,kind\npictures/2.png,a\npictures/0.png,b\npictures/3.png,a\n");
        using ImageData data = DataCatalogue.Parse(path).Load();
        Assert.Equal("1 by 2 pixels", data.Shape.ToString());
        Assert.Equal([20 / 255f, 21 / 255f, 0, 1 / 255f], Numeric.Values(data.Train.Pixels).Select(value => (float)value));
        Assert.Equal([0, 1], data.Train.Labels!.data<long>().ToArray());
        Assert.Contains("which does not exist", Refused("file\npictures/9.png\npictures/0.png\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "x,k\nNA,1\n2,3\n",
        "",
        "line 3, column 1 ('x'): expected numbers in all rows or texts in all rows, found '2', and texts before")]
    [InlineData("x,k\n1,1\n,3\n", "", "line 3, column 1 ('x'): expected a number, found ''; a missing value")]
    [InlineData("a,b\nx,u\nx,u\ny,v\n", "", "columns 1 ('a') and 2 ('b') may have the labels; say which (label=a), or label=none")]
    [InlineData("a,b\nx,u\ny,v\n", "", "expected columns of numbers, or a column 'file' with the names of images, found neither")]
    [InlineData("x,y\n1,2\n3,4\n", ":label=z", "there is no column 'z'.")]
    [InlineData("x,y\n1,2.5\n3,4\n", ":label=y", "column 2 ('y'): expected whole numbers or texts as labels, found 2.5")]
    [InlineData("x,y\n", "", "expected a row for each observation, found no row")]
    [InlineData("x\n1e39\n2\n", "", "line 2, column 1 ('x'): expected a number, found '1e39'")]
    [InlineData(
        "x\n1\n",
        "",
        "expected at least one vector to train on and one to test on, found 1 vectors of which 1 are to test on")]
    public void What_may_be_misread_is_refused(string text, string options, string problem) =>
        Assert.Contains(problem, Refused(text, options), StringComparison.Ordinal);

    [Fact]
    public void An_array_may_have_its_labels_in_a_file_beside_it()
    {
        string array = folder.Write("a.npy", NpyBuilder.Images("<f4", 3, 2));
        folder.Write("numbers.npy", NpyBuilder.Images("<i8", 3));
        folder.Write("texts.csv", "kind\nb\na\nb\n"u8.ToArray());
        using ImageData numbered = DataCatalogue.Parse(array + ":labels=numbers.npy").Load();
        Assert.Equal([0, 1], numbered.Train.Labels!.data<long>().ToArray());
        using ImageData named = DataCatalogue.Parse(array + ":2,labels=texts.csv").Load();
        Assert.Equal((2L, "b", "a"), (named.Test.Count, named.Test.NameOf(1), named.Test.NameOf(0)));
        Assert.Equal([0, 1], named.Test.Labels!.data<long>().ToArray());
        // Shifted by a row, or of something else.
        Fails("numbers.npy", NpyBuilder.Images("<i8", 2), "expected 3 labels, one for each observation, found 2");
        Fails("numbers.npy", NpyBuilder.Images("<f4", 3), "expected one integer for each observation, found Float32 of shape (3)");
        Fails("numbers.npy", NpyBuilder.Images("<i8", 3, 1), "expected one integer for each observation, found Int64 of shape (3, 1)");
        Fails("texts.csv", "a,b\nx,1\nx,2\ny,3\n"u8.ToArray(), "expected a table of one column, found 2");

        void Fails(string file, byte[] content, string problem)
        {
            string path = folder.Write(file, content);
            Assert.Equal(
                $"{path}: {problem}", Assert.Throws<DataFormatException>(() => NpyFile.Load(array, labels: file)).Message);
        }
    }

    [Fact]
    public void Options_that_are_none_are_refused()
    {
        string path = Write("x\n1\n2\n");
        Assert.EndsWith(
            "'lable=x' is not one of N or test=N, label=COLUMN, labels=FILE, header=yes, header=no, grey",
            Assert.Throws<FormatException>(() => DataCatalogue.Parse(path + ":lable=x")).Message, StringComparison.Ordinal);
        string array = folder.Write("a.npy", NpyBuilder.Images("<f4", 3, 2));
        Assert.EndsWith(
            "a .npy file takes N or test=N, labels=FILE alone",
            Assert.Throws<FormatException>(() => DataCatalogue.Parse(array + ":label=x")).Message, StringComparison.Ordinal);
    }

    private string Write(string text) => folder.Write("table.csv", Encoding.UTF8.GetBytes(text));

    private string Refused(string text, string options = "")
    {
        string path = Write(text);
        return Assert.Throws<DataFormatException>(() => DataCatalogue.Parse(path + options).Load()).Message;
    }
}
