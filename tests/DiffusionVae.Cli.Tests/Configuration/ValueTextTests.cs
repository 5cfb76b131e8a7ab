using System.CommandLine;
using System.Globalization;
using DiffusionVae.Cli.Configuration;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Runs;
using DiffusionVae.Training;

namespace DiffusionVae.Cli.Tests;

public sealed class ValueTextTests
{
    [Fact]
    public void Options_are_read_and_shown_with_points_whatever_the_culture()
    {
        var commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        commas.NumberFormat.NumberDecimalSeparator = ",";
        commas.NumberFormat.NegativeSign = "~";
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = commas;
        try
        {
            var sources = new ConfigSources();
            var command = new Command("train");
            sources.AddTo(command);
            RunConfig config = sources.Read(command.Parse(
                ["--learning-rate", "0.25", "--log-t-bounds", "-8.75,-3.75", "--initial-log-t", "-1.5", "--schedule", "constant"]));
            Assert.Equal(0.25, config.Training.LearningRate);
            Assert.Equal(LogTimeBounds.Paper, config.Latent.Bounds);
            Assert.Equal(-1.5, config.Latent.InitialLogTime);
            Assert.Equal(LearningRateSchedule.Constant, config.Training.Schedule);
            Assert.Contains("\"lower\": -8.75", config.ToJson(), StringComparison.Ordinal);
            Assert.Equal("-8.75,-3.75", ValueText.Show(LogTimeBounds.Paper));
            Assert.Throws<FormatException>(() => ValueText.Float64("0,25"));
            Assert.Equal(
                "--learning-rate is 1.5; it must be above 0 and at most 1.",
                Assert.Throws<UsageException>(() => sources.Read(command.Parse(["--learning-rate", "1.5"]))).Message);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Free_bounds_undo_those_of_a_preset()
    {
        var sources = new ConfigSources();
        var command = new Command("train");
        sources.AddTo(command);
        Assert.Equal(LogTimeBounds.Paper, sources.Read(command.Parse(["--preset", "paper"])).Latent.Bounds);
        Assert.Null(sources.Read(command.Parse(["--preset", "paper", "--log-t-bounds", "free"])).Latent.Bounds);
    }
}
