using DiffusionVae.Cli.Output;

namespace DiffusionVae.Cli.Tests;

public sealed class RunNamesTests
{
    [Theory]
    [InlineData("torus:2", "torus-2")]
    [InlineData("sphere:2*torus:1", "sphere-2-torus-1")]
    [InlineData("embedded-torus:3,0.6", "embedded-torus-3-0.6")]
    [InlineData("../..", "data")]
    [InlineData("Größe", "Gr-e")]
    public void Names_are_safe_on_every_file_system(string text, string expected) => Assert.Equal(expected, RunNames.Safe(text));
}
