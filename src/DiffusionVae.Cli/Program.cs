namespace DiffusionVae.Cli;

/// <summary>The program <c>dvae</c>.</summary>
internal static class Program
{
    public static int Main(string[] args) => Dvae.Run(args, Terminal.OfProcess());
}
