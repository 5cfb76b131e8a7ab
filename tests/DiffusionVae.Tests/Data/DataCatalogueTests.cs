using DiffusionVae.Data;

namespace DiffusionVae.Tests.Data;

public sealed class DataCatalogueTests
{
    [Fact]
    public void Every_entry_is_found_by_its_name()
    {
        foreach (DataSetEntry entry in DataCatalogue.Entries)
        {
            Assert.Equal(entry.Name, DataCatalogue.Parse(entry.Name).Id);
            Assert.StartsWith(entry.Name, entry.Usage, StringComparison.Ordinal);
            Assert.DoesNotContain(":", entry.Name, StringComparison.Ordinal);
            Assert.NotEmpty(entry.Description);
        }

        Assert.Equal(DataCatalogue.Entries.Count, DataCatalogue.Entries.Select(entry => entry.Name).Distinct().Count());
    }

    [Fact]
    public void A_name_gives_the_data()
    {
        using ImageData data = DataCatalogue.Parse("mnist").Load();
        Assert.Equal(60000, data.Train.Count);
    }

    [Fact]
    public void A_folder_gives_the_data_in_it()
    {
        using var folder = new TemporaryFolder();
        folder.Write("train-images-idx3-ubyte", IdxBuilder.Images(6, 3, 5));
        folder.Write("t10k-images-idx3-ubyte", IdxBuilder.Images(2, 3, 5));
        DataSource source = DataCatalogue.Parse(folder.Path);
        Assert.Equal(folder.Path, source.Id);
        using ImageData data = source.Load();
        Assert.Equal(6, data.Train.Count);
    }

    [Theory]
    [InlineData("mnits", "unknown data 'mnits': no folder or file of this path exists; *. Did you mean 'mnist'?")]
    [InlineData("MNIST", "unknown data 'MNIST': no folder or file of this path exists; *. Did you mean 'mnist'?")]
    [InlineData("minst:3", "unknown data 'minst:3': no folder or file of this path exists; *. Did you mean 'mnist'?")]
    [InlineData("/no/such/folder", "unknown data '/no/such/folder': no folder or file of this path exists; *.")]
    [InlineData("", "unknown data '': no folder or file of this path exists; *.")]
    [InlineData("mnist:5", "data 'mnist' takes no arguments, found '5'")]
    [InlineData("mnist:", "data 'mnist' takes no arguments, found ''")]
    public void Anything_else_is_refused_with_what_there_is(string id, string message) =>
        Assert.Equal(
            message.Replace(
                "*",
                "expected a folder of IDX files or images, a table (.csv), a .npy file, or one of: "
                    + string.Join(", ", DataCatalogue.Entries.Select(entry => entry.Usage)),
                StringComparison.Ordinal),
            Assert.Throws<FormatException>(() => DataCatalogue.Parse(id)).Message);
}
