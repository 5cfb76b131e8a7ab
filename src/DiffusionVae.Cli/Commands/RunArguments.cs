using System.CommandLine;
using DiffusionVae.Cli.Configuration;
using DiffusionVae.Data;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Commands;

/// <summary>The arguments by which a command opens a run, with the data that it needs.</summary>
internal sealed class RunArguments
{
    private readonly Argument<string> path = new("RUN") { Description = "The directory of a run" };
    private readonly Option<string> device = DeviceOption.Create();

    public Argument<string> Path => path;

    public Option<string> Device => device;

    /// <summary>Opens the run, which sets the number of threads: the same numbers come again.</summary>
    public Run Open(ParseResult parsed) => UsageException.Guard(() => Run.Open(parsed.GetValue(path)!, parsed.GetValue(device)));

    /// <summary>Opens the run and loads data of the size of its images.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="data">The id of other data; null for the run's.</param>
    public OpenedRun OpenWithData(ParseResult parsed, string? data = null)
    {
        Run run = Open(parsed);
        try
        {
            DataSource source = UsageException.Guard(() => DataCatalogue.Parse(data ?? run.Config.Data));
            ImageData loaded = source.Load();
            try
            {
                UsageException.Guard(() => run.RequireMatches(loaded.Test));
                return new OpenedRun { Run = run, Data = loaded, DataId = source.Id };
            }
            catch
            {
                loaded.Dispose();
                throw;
            }
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }
}
