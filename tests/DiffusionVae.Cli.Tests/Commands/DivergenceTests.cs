using System.Globalization;
using System.Text.Json;
using DiffusionVae.Manifolds;

namespace DiffusionVae.Cli.Tests;

public sealed class DivergenceTests
{
    [Fact]
    public void It_prints_one_number_with_17_digits()
    {
        using var folder = new Folder();
        // (A) of the paper on the flat torus: -log(2 pi t) - 1 + log(4 pi^2).
        double t = Math.Exp(-3.5);
        Assert.Equal(
            -Math.Log(2 * Math.PI * t) - 1 + (2 * Math.Log(2 * Math.PI)),
            Number(folder, "--manifold", "torus", "--log-t", "-3.5", "--method", "asymptotic"), 1e-14);
        // The mean of the curvature of a torus is zero (Gauss and Bonnet), whatever its coefficient.
        double flat = -Math.Log(2 * Math.PI * t) - 1 + Math.Log(4 * Math.PI * Math.PI * 1.8);
        Assert.Equal(flat, Number(folder, "--manifold", "embedded-torus", "--log-t=-3.5", "--method", "paper"), 1e-13);
        // A product is the sum of its factors, R^k has its closed form.
        double sphere = Number(folder, "--manifold", "sphere", "--log-t", "-3.5");
        double line = (t - 1 + 3.5) / 2;
        Assert.Equal(sphere + (2 * line), Number(folder, "--manifold", "sphere*euclidean:2", "--log-t", "-3.5"), 1e-14);
        Assert.Equal(sphere, Number(folder, "--manifold", "sphere", "--log-t", "-3.5", "--method", "exact"));
    }

    [Fact]
    public void A_range_of_times_is_a_table_of_the_single_numbers()
    {
        using var folder = new Folder();
        Outcome outcome = DvaeProcess.Run(folder.Path, "divergence", "--manifold", "so3", "--log-t", "-2:1:0.5");
        string[] rows = outcome.Out.TrimEnd().Split('\n');
        Assert.Equal("log_t,divergence", rows[0]);
        Assert.Equal(["-2", "-1.5", "-1", "-0.5", "0", "0.5", "1"], rows.Skip(1).Select(row => row.Split(',')[0]));
        Assert.Equal(
            Number(folder, "--manifold", "so3", "--log-t", "-1.5"), double.Parse(rows[2].Split(',')[1], CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Numbers_beyond_the_range_of_the_expansion_are_warned_of()
    {
        using var folder = new Folder();
        Outcome outcome = DvaeProcess.Run(folder.Path, "divergence", "--manifold", "torus", "--log-t", "3", "--method", "asymptotic");
        Assert.Equal(ExitCodes.Success, outcome.ExitCode);
        Assert.StartsWith("-", outcome.Out, StringComparison.Ordinal);
        Assert.Equal(
            "dvae: WARNING: from log t = 3 on these numbers are no divergences: the expansion holds at shorter times only.\n",
            outcome.Error);
    }

    [Fact]
    public void Manifolds_are_those_of_the_catalogue()
    {
        using var folder = new Folder();
        using JsonDocument listed = JsonDocument.Parse(DvaeProcess.Run(folder.Path, "manifolds", "--json").Out);
        Assert.Equal(ManifoldCatalogue.Examples, listed.RootElement.EnumerateArray().Select(row => row.GetProperty("id").GetString()));
    }

    private static double Number(Folder folder, params string[] args)
    {
        Outcome outcome = DvaeProcess.Run(folder.Path, ["divergence", .. args], null);
        Assert.Equal("", outcome.Error);
        string text = outcome.Out.TrimEnd();
        double value = double.Parse(text, CultureInfo.InvariantCulture);
        Assert.Equal(value.ToString("G17", CultureInfo.InvariantCulture), text);
        return value;
    }
}
