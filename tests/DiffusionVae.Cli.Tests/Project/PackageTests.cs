using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace DiffusionVae.Cli.Tests;

/// <summary>
/// Both packages, made by the script that makes them for others, in the hands of somebody who has nothing
/// else.
/// </summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class PackageTests : IDisposable
{
    private const long MostBytes = 150_000_000;
    private static readonly string Version = FormattableString.Invariant($"0.0.1-test.{DateTime.UtcNow.Ticks}");

    /// <summary>No process stays behind to build faster next time.</summary>
    private static readonly Dictionary<string, string> Environment = new()
    {
        ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false", ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
    };

    private readonly Folder folder = new();

    [UnixFact]
    public void A_fresh_project_and_a_fresh_tool_train_from_the_packages()
    {
        string packages = folder["packages"];
        // The analysers have seen the code when the tests were built.
        string[] options =
        [
            $"-p:Version={Version}", $"-p:RuntimeIdentifiers={RuntimeInformation.RuntimeIdentifier}", "-p:RunAnalyzers=false",
            "--artifacts-path", folder["build"],
        ];
        Run(Repository.Root, Path.Combine(Repository.Root, "pack.sh"), [packages, .. options]);
        AssertContents(packages);
        AssertLibraryTrains(packages);
        AssertToolTrains(packages);
    }

    public void Dispose()
    {
        folder.Dispose();
        string cache = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string unpacked = Path.Combine(cache, "diffusionvae", Version);
        if (Directory.Exists(unpacked))
        {
            Directory.Delete(unpacked, recursive: true);
        }
    }

    private static void AssertContents(string packages)
    {
        using ZipArchive library = ZipFile.OpenRead(Path.Combine(packages, $"DiffusionVae.{Version}.nupkg"));
        Assert.Superset(
            new HashSet<string> { "README.md", "CHANGELOG.md", "icon.png", "lib/net10.0/DiffusionVae.dll", "lib/net10.0/DiffusionVae.xml",
                "buildTransitive/DiffusionVae.targets" },
            library.Entries.Select(entry => entry.FullName).ToHashSet());
        using Stream specification = library.GetEntry("DiffusionVae.nuspec")!.Open();
        XElement[] elements = [.. XDocument.Load(specification).Descendants()];
        Assert.Equal(
            ["CsvHelper", "TorchSharp"],
            elements.Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value));
        Assert.Equal("MIT", Assert.Single(elements, element => element.Name.LocalName == "license").Value);
        Assert.True(File.Exists(Path.Combine(packages, $"DiffusionVae.{Version}.snupkg")));
        Assert.InRange(
            new FileInfo(Path.Combine(packages, $"dvae.{RuntimeInformation.RuntimeIdentifier}.{Version}.nupkg")).Length, 1, MostBytes);
    }

    private void AssertLibraryTrains(string packages)
    {
        string fresh = folder["fresh"];
        TinyImages.Write(Path.Combine(fresh, "data", "mnist"));
        File.WriteAllText(Path.Combine(fresh, "fresh.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>
                <SelfContained>false</SelfContained>
                <RestoreAdditionalProjectSources>{packages}</RestoreAdditionalProjectSources>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="DiffusionVae" Version="{Version}" />
                <PackageReference Include="TorchSharp-cpu" Version="{BackendVersion()}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(fresh, "Program.cs"), TenLines());
        string output = Run(fresh, "dotnet", "run", "-c", "Release");
        // Warnings of the restore come before it.
        Assert.InRange(double.Parse(output.TrimEnd().Split('\n')[^1], CultureInfo.InvariantCulture), -1000, 0);
    }

    private void AssertToolTrains(string packages)
    {
        string elsewhere = folder["elsewhere"], tools = folder["tools"];
        Directory.CreateDirectory(elsewhere);
        Run(elsewhere, "dotnet", "tool", "install", "dvae", "--version", Version, "--tool-path", tools, "--add-source", packages);
        string dvae = Path.Combine(tools, "dvae");
        using (DvaeProcess without = DvaeProcess.Start(
            dvae, elsewhere, ["train", "--manifold", "torus", "--epochs", "1"],
            new Dictionary<string, string> { ["XDG_CACHE_HOME"] = elsewhere }))
        {
            Outcome outcome = without.Wait();
            Assert.Equal(ExitCodes.BadData, outcome.ExitCode);
            Assert.Contains("MNIST is in none of the places looked at", outcome.Error, StringComparison.Ordinal);
        }
        TinyImages.Write(Path.Combine(elsewhere, "data", "mnist"));
        string[] lines = Run(elsewhere, dvae, "train", "--manifold", "torus", "--epochs", "1").Split('\n');
        string elbo = Assert.Single(lines, line => line.StartsWith("ELBO ", StringComparison.Ordinal));
        Assert.InRange(double.Parse(elbo.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture), -1000, 0);
    }

    /// <summary>The first program of the README, unchanged.</summary>
    private static string TenLines() =>
        File.ReadAllText(Path.Combine(Repository.Root, "README.md")).Split("```csharp\n")[1].Split("```")[0];

    private static string BackendVersion() =>
        XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion")
        .Single(package => package.Attribute("Include")!.Value == "TorchSharp-cpu").Attribute("Version")!.Value;

    private static string Run(string place, string program, params string[] args)
    {
        using DvaeProcess running = DvaeProcess.Start(program, place, args, Environment);
        // Building and compressing half a gigabyte takes minutes where other work goes on.
        Outcome outcome = running.Wait(TimeSpan.FromMinutes(8));
        Assert.True(outcome.ExitCode == 0, $"{program} {string.Join(' ', args)}: exit {outcome.ExitCode}\n{outcome.Out}\n{outcome.Error}");
        return outcome.Out;
    }
}
