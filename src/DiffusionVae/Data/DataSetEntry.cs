namespace DiffusionVae.Data;

/// <summary>A line of the catalogue of data sets.</summary>
public sealed class DataSetEntry
{
    internal DataSetEntry(string name, string usage, string description, Func<string?, Func<ImageData>> parse) =>
        (Name, Usage, Description, Parse) = (name, usage, description, parse);

    /// <summary>What the data set is.</summary>
    public string Description { get; }

    /// <summary>The name, in lower case, without a colon.</summary>
    public string Name { get; }

    /// <summary>How it is written with its arguments: <c>name</c> or <c>name:arguments</c>.</summary>
    public string Usage { get; }

    /// <summary>
    /// Turns what follows the colon (null if there is no colon) into what loads the data. It throws a <see cref="FormatException"/>
    /// that gives the rule and the value if the arguments are wrong; reading files is left to the loader.
    /// </summary>
    internal Func<string?, Func<ImageData>> Parse { get; }
}
