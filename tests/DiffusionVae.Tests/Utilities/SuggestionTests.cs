namespace DiffusionVae.Tests;

public sealed class SuggestionTests
{
    private static readonly string[] Names = ["torus", "sphere", "so3", "projective", "euclidean"];

    [Theory]
    [InlineData("torus", "torus")]
    [InlineData("tours", "torus")]
    [InlineData("Sphere", "sphere")]
    [InlineData("shpere", "sphere")]
    [InlineData("spere", "sphere")]
    [InlineData("so4", "so3")]
    [InlineData("euclidian", "euclidean")]
    [InlineData("projectve", "projective")]
    [InlineData("klein", null)]
    [InlineData("s", null)]
    [InlineData("", null)]
    public void The_nearest_name_is_found_if_it_is_near(string word, string? expected) =>
        Assert.Equal(expected, Suggestion.Nearest(word, Names));

    [Fact]
    public void Of_equally_near_names_the_first_wins() => Assert.Equal("abd", Suggestion.Nearest("abc", ["xyz", "abd", "abe"]));

    [Fact]
    public void Very_long_words_are_not_compared() =>
        Assert.Null(Suggestion.Nearest(new string('a', 1_000_000), [new string('a', 999_999)]));

    [Fact]
    public void The_sentence_has_the_name_or_is_empty()
    {
        Assert.Equal(" Did you mean 'torus'?", Suggestion.DidYouMean("tours", Names));
        Assert.Equal("", Suggestion.DidYouMean("klein", Names));
    }
}
