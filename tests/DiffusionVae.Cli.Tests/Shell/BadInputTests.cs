namespace DiffusionVae.Cli.Tests;

[Trait(Speed.Trait, Speed.Slow)]
public sealed class BadInputTests
{
    [Fact]
    public void Wrong_usage_ends_with_2_and_says_what_was_meant()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        File.WriteAllText(folder["unknown.json"], """{ "training": { "epoch": 3 } }""");
        File.WriteAllText(folder["impossible.json"], """{ "training": { "epochs": 0 } }""");
        var transcript = new Transcript(folder.Path);
        string[][] commands =
        [
            [],
            ["trian"],
            ["--manifold", "torus"],
            ["train", "--epoch", "3"],
            ["train", "extra"],
            ["train", "--manifold", "tors"],
            ["train", "--manifold", "sphere:0"],
            ["train", "--manifold", "sphere:2*torus:x"],
            ["train", "--data", "mnits"],
            ["train", "--data", "unknown.json"],
            ["train", "--epochs", "0", "--kl-warmup", "1.5"],
            ["train", "--epochs", "many"],
            ["train", "--learning-rate", "0,001"],
            ["train", "--learning-rate", "-1"],
            ["train", "--learning-rate", "nan"],
            ["train", "--posterior-samples", "0"],
            ["train", "--learning-rate-warmup", "2"],
            ["train", "--adam-beta2", "1"],
            ["train", "--schedule", "cosin"],
            ["train", "--encoder-widths", "512,0"],
            ["train", "--log-t-bounds", "-3"],
            ["train", "--log-t-bounds", "-3,-4"],
            ["train", "--log-t-bounds", "free", "--divergence", "paper"],
            ["train", "--log-t-bounds", "-8,5", "--divergence", "asymptotic"],
            ["train", "--decoder", "bernouli"],
            ["train", "--decoder", "bernoulli"],
            ["train", "--device", "gpu"],
            ["train", "--preset", "papr"],
            ["train", "--data", "tiny", "--hold-out", "48"],
            ["train", "--config", "nowhere.json"],
            ["train", "--config", "tiny"],
            ["train", "--config", "impossible.json"],
            ["evaluate"],
            ["evaluate", "nowhere"],
            ["evaluate", "tiny"],
            ["divergence", "--manifold", "torus"],
            ["divergence", "--manifold", "torus", "--log-t", "x"],
            ["divergence", "--manifold", "torus", "--log-t", "70"],
            ["divergence", "--manifold", "torus", "--log-t", "1:0:0.5"],
            ["divergence", "--manifold", "torus", "--log-t", "0", "--method", "exactly"],
            ["data", "mnits"],
        ];
        Assert.All(commands, command => Assert.Equal(ExitCodes.Usage, transcript.Run(command).ExitCode));
        transcript.Matches("usage");
        Assert.False(Directory.Exists(folder["runs"]));
    }

    [Fact]
    public void Bad_data_end_with_3_and_name_the_file()
    {
        using var folder = new Folder();
        var transcript = new Transcript(folder.Path);
        byte[] whole = TinyImages.Images(48, 8);
        byte[] packed = TinyImages.Gzip(whole);
        Damage(folder, "no-test");
        Damage(folder, "magic", train: [1, 2, .. whole[2..]]);
        Damage(folder, "labels-as-images", train: TinyImages.Labels(48));
        Damage(folder, "float-pixels", train: [0, 0, 13, .. whole[3..]]);
        Damage(folder, "truncated", train: whole[..1000]);
        Damage(folder, "trailing", train: [.. whole, 0]);
        Damage(folder, "empty", train: []);
        Damage(folder, "sizes", test: TinyImages.Images(16, 7));
        Damage(folder, "gzip-cut", train: packed[..(packed.Length - 20)]);
        Damage(folder, "gzip-no-end", train: packed[..^4]);
        Damage(folder, "count");
        File.WriteAllBytes(folder["count", TinyImages.TrainLabels], TinyImages.Labels(47));
        Directory.CreateDirectory(folder["nothing"]);
        string[] cases = [
            "no-test", "magic", "labels-as-images", "float-pixels", "truncated", "trailing", "empty", "sizes", "gzip-cut", "gzip-no-end",
            "count", "nothing"];
        Assert.All(cases, name => Assert.Equal(ExitCodes.BadData, transcript.Run("train", "--data", name).ExitCode));

        File.WriteAllText(folder["unknown.json"], """{ "training": { "epoch": 3 } }""");
        File.WriteAllText(folder["type.json"], """{ "training": { "epochs": "three" } }""");
        File.WriteAllText(folder["null.json"], """{ "network": { "encoderWidths": null } }""");
        File.WriteAllText(folder["twice.json"], """{ "data": "mnist", "data": "tiny" }""");
        File.WriteAllText(folder["cut.json"], """{ "training": """);
        string[] configs = ["unknown.json", "type.json", "null.json", "twice.json", "cut.json"];
        Assert.All(configs, name => Assert.Equal(ExitCodes.BadData, transcript.Run("train", "--config", name).ExitCode));
        transcript.Matches("bad-data");
        Assert.False(Directory.Exists(folder["runs"]));
    }

    private static void Damage(Folder folder, string name, byte[]? train = null, byte[]? test = null)
    {
        TinyImages.Write(folder[name]);
        if (train is not null)
        {
            File.WriteAllBytes(folder[name, TinyImages.Train], train);
        }
        if (test is not null)
        {
            File.WriteAllBytes(folder[name, TinyImages.Test], test);
        }
        if (name == "no-test")
        {
            File.Delete(folder[name, TinyImages.Test]);
        }
    }
}
