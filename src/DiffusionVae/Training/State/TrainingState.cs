using DiffusionVae.Data;

namespace DiffusionVae.Training;

/// <summary>
/// Where training stands: all that decides what comes next, under names by which it is saved and restored. It refers to the tensors and generators
/// that the trainer works with and owns none of them.
/// </summary>
/// <param name="epochs">Epochs of the whole run.</param>
/// <param name="stepsPerEpoch">Steps of an epoch.</param>
/// <param name="test">The images that the history was measured on.</param>
/// <param name="factors">Factors of the latent space.</param>
internal sealed class TrainingState(int epochs, long stepsPerEpoch, ImageSet test, int factors) : IDisposable
{
    private const string Position = "position";
    private const string Sums = "sums";
    private const string Past = "history";

    private readonly List<(string Name, Tensor Tensor)> tensors = [];
    private readonly List<(string Name, Generator Generator)> streams = [];
    private readonly List<(string Name, Generator Generator)> epochStreams = [];
    private Tensor[]? epochStart;

    /// <summary>The epoch that training is in, from 1; beyond the last when it is done.</summary>
    public int Epoch { get; private set; } = 1;

    /// <summary>Steps of this epoch that are done, or being done.</summary>
    public long StepInEpoch { get; private set; }

    /// <summary>The same of the run.</summary>
    public long Step => ((Epoch - 1) * stepsPerEpoch) + StepInEpoch;

    /// <summary>Steps of the whole run.</summary>
    public long Steps => epochs * stepsPerEpoch;

    /// <summary>Whether the last epoch is over.</summary>
    public bool IsDone => Epoch > epochs;

    /// <summary>The means of this epoch so far.</summary>
    public RunningMeans Means { get; private set; } = new();

    /// <summary>The epochs that are over. Their wall times are not saved: a state has nothing that another run of the same seed would not have.</summary>
    public List<EpochMetrics> History { get; } = [];

    /// <summary>Adds a tensor, which changes in place.</summary>
    public void Add(string name, Tensor tensor) => tensors.Add((name, tensor));

    /// <summary>Adds a generator that is drawn from in every step.</summary>
    public void Add(string name, Generator generator) => streams.Add((name, generator));

    /// <summary>Adds a generator that is drawn from at the start of an epoch alone: in the middle of one, the draws are made again.</summary>
    public void AddPerEpoch(string name, Generator generator) => epochStreams.Add((name, generator));

    /// <summary>A step begins.</summary>
    public void NextStep() => StepInEpoch++;

    /// <summary>To be called before the first draw of an epoch, which may be in its middle after a restart.</summary>
    public void BeginEpoch()
    {
        Forget();
        epochStart = [.. epochStreams.Select(stream => stream.Generator.get_state().DetachFromDisposeScope())];
    }

    /// <summary>An epoch is over.</summary>
    public void NextEpoch(EpochMetrics metrics)
    {
        History.Add(metrics);
        (Epoch, StepInEpoch, Means) = (Epoch + 1, 0, new RunningMeans());
        Forget();
    }

    /// <summary>All of it. What is new is the caller's, or of the caller's dispose scope; the rest goes on changing.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> Save() =>
    [
        .. tensors,
        (Position, torch.tensor([Epoch, StepInEpoch], ScalarType.Int64)),
        (Sums, torch.tensor(Means.Sums.ToArray(), ScalarType.Float64)),
        (Past, HistoryTable.Write(History, factors)),
        .. streams.Select(stream => (stream.Name, stream.Generator.get_state())),
        .. epochStreams.Select((stream, i) => (stream.Name, epochStart?[i].alias() ?? stream.Generator.get_state())),
    ];

    /// <summary>Takes in what was saved.</summary>
    /// <exception cref="FormatException">It is no state of this training; nothing has changed.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> saved)
    {
        using var frozen = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        foreach ((string name, Tensor own) in Save())
        {
            RequireLike(name, own, saved);
        }
        (long epoch, long stepInEpoch) = RequirePosition(saved[Position].data<long>().ToArray());
        if (saved[Past].size(0) != epoch - 1)
        {
            throw new FormatException(Invariant($"expected a history of {epoch - 1} epochs, found {saved[Past].size(0)}"));
        }
        foreach ((string name, Generator generator) in streams.Concat(epochStreams))
        {
            GeneratorState.Require(name, generator, saved[name]);
        }

        foreach ((string name, Tensor own) in tensors)
        {
            own.copy_(saved[name]);
        }
        foreach ((string name, Generator generator) in streams.Concat(epochStreams))
        {
            generator.set_state(saved[name]);
        }
        (Epoch, StepInEpoch, Means) = ((int)epoch, stepInEpoch, new RunningMeans(saved[Sums].data<double>().ToArray()));
        History.Clear();
        History.AddRange(HistoryTable.Read(saved[Past], test));
        Forget();
    }

    public void Dispose() => Forget();

    private static void RequireLike(string name, Tensor own, IReadOnlyDictionary<string, Tensor> saved)
    {
        if (!saved.TryGetValue(name, out Tensor? tensor))
        {
            throw new FormatException($"expected a tensor '{name}', found none");
        }
        // The history is as long as it is.
        long[] Shape(Tensor of) => name == Past && of.dim() > 0 ? of.shape[1..] : of.shape;
        if (tensor.dtype != own.dtype || tensor.dim() != own.dim() || !Shape(tensor).SequenceEqual(Shape(own)))
        {
            throw new FormatException($"expected tensor '{name}' to be {Describe(own)}, found {Describe(tensor)}");
        }
    }

    private (long Epoch, long StepInEpoch) RequirePosition(long[] position) =>
        position is [long epoch, long step] && epoch >= 1 && epoch <= epochs && step >= 0 && step <= stepsPerEpoch
            ? (epoch, step)
            : throw new FormatException(Invariant($"expected an epoch from 1 to {epochs} and a step from 0 to {stepsPerEpoch}, found {position[0]} and {position[1]}"));

    private static string Describe(Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";

    private void Forget()
    {
        foreach (Tensor state in epochStart ?? [])
        {
            state.Dispose();
        }
        epochStart = null;
    }
}
