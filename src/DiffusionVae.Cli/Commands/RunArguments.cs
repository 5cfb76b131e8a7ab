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

    /// <summary>Opens the run and loads its data, from where they were or from where they are now.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="moved">Where the data are now; null for where they were.</param>
    public OpenedRun OpenWithItsData(ParseResult parsed, string? moved) => OpenWithData(parsed, run => moved is null
        ? RunData.Load(run.Directory, run.Config)
        : RunData.LoadMoved(run.Directory, run.Config, Parse(moved)));

    /// <summary>Opens the run and loads data of the size of its images.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="other">The id of other data; null for the run's.</param>
    public OpenedRun OpenWithData(ParseResult parsed, string? other) => OpenWithData(parsed, run => other is null
        ? RunData.Load(run.Directory, run.Config)
        : (Parse(other).Load(), other));

    private OpenedRun OpenWithData(ParseResult parsed, Func<Run, (ImageData Data, string Id)> load)
    {
        Run run = Open(parsed);
        try
        {
            (ImageData loaded, string id) = load(run);
            try
            {
                UsageException.Guard(() => run.RequireMatches(loaded.Test));
                return new OpenedRun { Run = run, Data = loaded, DataId = id };
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

    private static DataSource Parse(string id) => UsageException.Guard(() => DataCatalogue.Parse(id));
}
