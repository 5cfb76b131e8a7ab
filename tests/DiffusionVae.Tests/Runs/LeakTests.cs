using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Models;
using DiffusionVae.Runs;
using DiffusionVae.Tests.Models;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Runs;

/// <summary>
/// Who disposes of what is documented as theirs leaves no tensor behind, inside a dispose scope or not.
/// </summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class LeakTests(LeakTests.Trained trained) : IClassFixture<LeakTests.Trained>
{
    private const string Manifold = "projective:2*torus:1";

    private static readonly Dictionary<string, Action<Trained>> Operations = new()
    {
        ["evaluate"] = on => on.Run.Evaluate(on.Data),
        ["evaluate images"] = on => on.Run.Score(on.Data.Test),
        ["likelihood by importance sampling"] = on =>
            on.Run.EvaluateByImportance(on.Data.Test, new ImportanceOptions { Samples = 10, Images = 3 }),
        ["likelihood by quadrature"] = on =>
            on.Run.EvaluateByQuadrature(on.Data.Test, new QuadratureOptions { Images = 3, MaximumNodes = QuadratureOptions.FewestNodes }),
        ["topology"] = on =>
            on.Run.EvaluateTopology(on.Data.Family!, new TopologyOptions { Samples = 200, Anchors = 20, ProofImages = 1000 }),
        ["limit"] = on => LikelihoodBound.Compute(on.Data.Family!, on.Data.Test, on.Run.Model.Likelihood),
        ["encode"] = on => Free(on.Run.Model.Encode(on.Data.Test.Pixels)),
        ["decode"] = on => on.Run.Model.Decode(on.Points).Dispose(),
        ["encode in batches"] = on => on.Run.Encode(on.Data.Test).Dispose(),
        ["decode in batches"] = on => on.Run.Decode(on.Points).Dispose(),
        ["decode one after another"] = on => on.Run.Batched.Decode(on.Run.Batched.SamplePrior(1).Take(3)).ToArray(),
        ["reconstruct in batches"] = on => on.Run.Reconstruct(on.Data.Test).Dispose(),
        ["reconstruct"] = on => on.Run.Model.Reconstruct(on.Data.Test.Pixels).Dispose(),
        ["project"] = on => on.Run.Model.Latent.Project(on.Points).Dispose(),
        ["features"] = on => on.Run.Model.Latent.Features(on.Points).Dispose(),
        ["divergence"] = on => on.Run.Model.Latent.Divergence(on.Posterior).Dispose(),
        ["sample of the posterior"] = on => on.Run.Model.Latent.Sample(on.Posterior, on.Generator).Dispose(),
        ["exact sample of the posterior"] = on => on.Run.Model.Latent.SampleExact(on.Posterior, on.Generator).Dispose(),
        ["sample of the prior"] = on => on.Run.Model.Latent.SamplePrior(5, on.Generator).Dispose(),
        ["quadrature"] = on =>
        {
            (Tensor points, Tensor weights) = on.Run.Model.Latent.Prior!.Quadrature(0.5)!.Nodes(0, 10);
            points.Dispose();
            weights.Dispose();
        },
        ["a step of training of one's own"] = on =>
        {
            using DisposeScope scope = NewDisposeScope();
            ElboTerms terms = on.Run.Model.Elbo(on.Data.Test.Pixels, on.Generator);
            autograd.grad([(terms.Divergence.sum(-1) - terms.LogLikelihood).mean()], [.. on.Run.Model.parameters()], allow_unused: true);
        },
        ["a projection by tensors, and back"] = on =>
        {
            using DisposeScope scope = NewDisposeScope();
            using Tensor x = on.Points.clone().requires_grad_();
            on.Run.Model.Latent.Project(x).sum().backward();
            x.grad!.Dispose();
        },
        ["save and load weights"] = on =>
        {
            Safetensors.Write(on.Folder["points.safetensors"], [("points", on.Points)]);
            Safetensors.Read(on.Folder["points.safetensors"]).Dispose();
        },
        ["slices, copies and binarised images"] = on =>
        {
            using ImageSet slice = on.Data.Test.Slice(1, 3), copy = slice.To(CPU);
            using ImageSet grey = Pictures.Waves(4, 1), binarised = grey.Binarised(on.Generator);
        },
        ["a level set"] = on => Use(on.Level, on.Generator),
        ["a parametrised manifold"] = on => Use(on.Parametrised, on.Generator),
        ["an estimated manifold"] = on => Use(on.Estimated, on.Generator),
    };

    /// <summary>
    /// What makes a model, or a family of images, leaves tables that go with it when it is collected. The
    /// result is the number of parameters, which TorchSharp's count of tensors keeps for good.
    /// </summary>
    private static readonly Dictionary<string, Func<Trained, int>> Beginnings = new()
    {
        ["train a run"] = on => Parameters(on.Train()),
        ["open a run"] = on => Parameters(Run.Open(on.Path)),
        ["resume a complete run"] = on => Parameters(Run.Resume(on.Path, on.Data)),
        ["train by hand"] = on =>
        {
            using DiffusionAutoencoder model = Pictures.Model(Manifold);
            using ImageSet images = Pictures.Waves(32, 1);
            new Trainer(model, Trained.Options).Train(images, images);
            return model.parameters().Count();
        },
        ["data by name"] = on =>
        {
            DataCatalogue.Parse(Trained.DataId).Load().Dispose();
            return 0;
        },
    };

    public static TheoryData<string> All => [.. Operations.Keys];

    public static TheoryData<string> OfBeginnings => [.. Beginnings.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_is_left_behind(string operation)
    {
        Assert.Equal(0, Leaks.Of(() => Operations[operation](trained)));
        Assert.Equal(0, Leaks.Of(() =>
        {
            using DisposeScope scope = NewDisposeScope();
            Operations[operation](trained);
        }));
    }

    [Theory]
    [MemberData(nameof(OfBeginnings))]
    public void What_was_begun_is_gone_with_its_owner(string operation)
    {
        Beginnings[operation](trained);
        long before = Leaks.Live();
        int parameters = Beginnings[operation](trained);
        Assert.Equal(before + parameters, Leaks.Live());
    }

    private static void Free(Posterior posterior)
    {
        posterior.Mean.Dispose();
        posterior.LogTime.Dispose();
    }

    private static int Parameters(Run run)
    {
        using (run)
        {
            return run.Model.parameters().Count();
        }
    }

    private static void Use(IClosedManifold manifold, Generator generator)
    {
        Assert.True(double.IsFinite(manifold.LogVolume));
        using Tensor points = manifold.SampleUniform(5, generator), moved = points * 1.1;
        using Tensor projected = manifold.Project(moved), curvature = manifold.ScalarCurvature(points);
    }

    /// <summary>A run to try things on.</summary>
    public sealed class Trained : IDisposable
    {
        public const string DataId = "fourier:size=8,images=48,test=16";

        private int runs;

        public Trained()
        {
            Run = Train();
            Path = Run.Directory.Root;
            using DisposeScope scope = NewDisposeScope();
            Posterior = Run.Model.Encode(Data.Test.Pixels);
            Points = Posterior.Mean.detach().DetachFromDisposeScope();
            Posterior = new Posterior { Mean = Points, LogTime = Posterior.LogTime.detach().DetachFromDisposeScope() };
        }

        public static TrainingOptions Options { get; } = new() { Epochs = 2, BatchSize = 16 };

        internal TemporaryFolder Folder { get; } = new();

        public string Path { get; }

        public ImageData Data { get; } = DataCatalogue.Parse(DataId).Load();

        public Run Run { get; }

        public Posterior Posterior { get; }

        public Tensor Points { get; }

        public Generator Generator { get; } = new(1, CPU);

        public LevelSet Level { get; } = new("own", 3, 1.5, x => x.square().sum(-1) - 1);

        public ParametrisedManifold Parametrised { get; } = new("own", 4, [Turn("u"), Turn("v")], u => cat([u.cos(), u.sin()], -1));

        public EstimatedManifold Estimated { get; } = new(new ProjectedManifold("own", 2, 3, new Sphere(2).Project), 1);

        public Run Train() =>
            Run.Train(new RunConfig { Manifold = Manifold, Network = Pictures.Small, Training = Options, Threads = 1 }, Data,
            Folder[$"run{runs++}"]);

        private static ChartAxis Turn(string name) => new(name, -Math.PI, Math.PI, IsPeriodic: true);

        public void Dispose()
        {
            Run.Dispose();
            Data.Dispose();
            Points.Dispose();
            Posterior.LogTime.Dispose();
            Generator.Dispose();
            Folder.Dispose();
        }
    }
}
