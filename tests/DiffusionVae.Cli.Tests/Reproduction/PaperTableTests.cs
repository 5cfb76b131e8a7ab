using DiffusionVae.Cli.Reproduction;

namespace DiffusionVae.Cli.Tests;

public sealed class PaperTableTests
{
    /// <summary>
    /// Of the ring torus in table 2 the printed numbers do not fit each other, with or without the
    /// corrections.
    /// </summary>
    public static IEnumerable<object[]> RowsThatFit => PaperTable.All
        .SelectMany(table => table.Rows.Select(row => (table.Name, row.Manifold)))
        .Where(row => row != (PaperTable.TranslatedPicture.Name, "embedded-torus:3,0.6"))
        .Select(row => new object[] { row.Name, row.Manifold });

    /// <summary>
    /// ELBO = -(pixels/2) log 2π - pixels MSE / 2 - KL, to the rounding of what is printed, and of the
    /// corrections: also a check of the digits typed here.
    /// </summary>
    [Theory]
    [MemberData(nameof(RowsThatFit))]
    public void A_corrected_row_fits_itself(string name, string manifold)
    {
        PaperTable table = PaperTable.All.Single(table => table.Name == name);
        PaperRow row = table.Row(manifold)!.Corrected;
        int pixels = table == PaperTable.MnistDigits ? 28 * 28 : 64 * 64;
        double implied = (-pixels / 2.0 * Math.Log(2 * Math.PI)) - (pixels * row.Mse.Mean / 100 / 2) - row.Kl.Mean;
        double rounding = (pixels / 2.0 * 0.5e-4) + (2 * 0.005) + (2 * 0.005);
        Assert.InRange(row.Elbo.Mean - implied, -rounding - 1e-9, rounding + 1e-9);
    }

    [Theory]
    [InlineData("torus:2", 1.8379)]
    [InlineData("embedded-torus:3,0.6", 1.3863)]
    public void Corrections_are_the_constants_that_were_left_out(string manifold, double constant)
    {
        PaperRow row = PaperTable.MnistDigits.Row(manifold)!;
        Assert.Equal(constant, row.Kl.Mean - row.Corrected.Kl.Mean, 0.006);
        Assert.Equal(constant, row.Corrected.Elbo.Mean - row.Elbo.Mean, 0.006);
        Assert.Equal(
            constant, PaperTable.TranslatedPicture.Row(manifold)!.Kl.Mean - PaperTable.TranslatedPicture.Row(manifold)!.Corrected.Kl.Mean,
            0.06);
    }

    [Fact]
    public void Parts_share_everything_and_no_two_have_the_same()
    {
        int[] all = [.. Enumerable.Range(0, 20)];
        Shard[] parts = [.. Enumerable.Range(1, 3).Select(number => new Shard(number, 3))];
        Assert.Equal(all, parts.SelectMany(part => part.Take(all)).Order());
        Assert.All(parts, part => Assert.InRange(part.Take(all).Count, 6, 7));
        Assert.Equal(all, Shard.Whole.Take(all));
    }

    [Theory]
    [InlineData("1/1", 1, 1)]
    [InlineData("2/16", 2, 16)]
    public void A_part_is_read(string text, int number, int of)
    {
        Assert.Equal(new Shard(number, of), Shard.Parse(text));
        Assert.Equal(text, Shard.Parse(text).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("0/2")]
    [InlineData("3/2")]
    [InlineData("1/2/3")]
    [InlineData("-1/2")]
    public void What_is_no_part_is_refused(string text) => Assert.Throws<FormatException>(() => Shard.Parse(text));
}
