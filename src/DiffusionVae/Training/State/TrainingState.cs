using DiffusionVae.Data;

namespace DiffusionVae.Training;

/// <summary>
/// The state of training: everything that decides the steps to come, under the names by which it is saved and
/// restored.
/// </summary>
/// <remarks>
/// It refers to the tensors and generators with which the trainer works, and owns none of them.
/// </remarks>
/// <param name="epochs">The epochs of the whole run.</param>
/// <param name="stepsPerEpoch">The steps of an epoch.</param>
/// <param name="validation">The images on which the model is scored after each epoch.</param>
/// <param name="components">The number of components of the latent space.</param>
internal sealed class TrainingState(int epochs, long stepsPerEpoch, ImageSet validation, int components) : IDisposable
{
    private const string Position = "position";
    private const string Sums = "sums";
    private const string Past = "history";

    private readonly List<(string Name, Tensor Tensor)> tensors = [];
    private readonly HashSet<string> optional = [];
    private readonly List<(string Name, Action Add)> conditional = [];
    private readonly List<(string Name, Generator Generator)> streams = [];
    private readonly List<(string Name, Generator Generator)> epochStreams = [];
    private Tensor[]? epochStart;

    /// <summary>The present epoch, counted from 1; one beyond the last when training is done.</summary>
    public int Epoch { get; private set; } = 1;

    /// <summary>The steps of this epoch that are done or being done.</summary>
    public long StepInEpoch { get; private set; }

    /// <summary>The steps of the run that are done or being done.</summary>
    public long Step => ((Epoch - 1) * stepsPerEpoch) + StepInEpoch;

    /// <summary>The steps of the whole run.</summary>
    public long Steps => epochs * stepsPerEpoch;

    /// <summary>Whether the last epoch is over.</summary>
    public bool IsDone => Epoch > epochs;

    /// <summary>The means of this epoch so far.</summary>
    public RunningMeans Means { get; private set; } = new();

    /// <summary>
    /// The results of past epochs. Their wall times are not saved, so that runs of one seed have equal
    /// states.
    /// </summary>
    public List<EpochMetrics> History { get; } = [];

    /// <summary>Registers a tensor, which must change in place.</summary>
    public void Add(string name, Tensor tensor) => tensors.Add((name, tensor));

    /// <summary>
    /// Registers a tensor that states of older versions do not have; it then stays as it is.
    /// </summary>
    public void AddOptional(string name, Tensor tensor)
    {
        Add(name, tensor);
        optional.Add(name);
    }

    /// <summary>
    /// Registers a tensor that only some runs have: it is made, and registered, when a state has it.
    /// </summary>
    public void AddOptional(string name, Action add) => conditional.Add((name, add));

    /// <summary>Registers a generator that is drawn from in every step.</summary>
    public void Add(string name, Generator generator) => streams.Add((name, generator));

    /// <summary>
    /// Registers a generator that is drawn from only at the start of an epoch. Its state at that moment is
    /// saved: a run that is resumed in the middle of the epoch makes the same draws again.
    /// </summary>
    public void AddPerEpoch(string name, Generator generator) => epochStreams.Add((name, generator));

    /// <summary>Begins a step.</summary>
    public void NextStep() => StepInEpoch++;

    /// <summary>
    /// Begins an epoch, perhaps in its middle after a resumption; call it before the first draw of the epoch.
    /// </summary>
    public void BeginEpoch()
    {
        ForgetEpochStart();
        epochStart = [.. epochStreams.Select(stream => stream.Generator.get_state().DetachFromDisposeScope())];
    }

    /// <summary>Ends an epoch.</summary>
    public void NextEpoch(EpochMetrics metrics)
    {
        History.Add(metrics);
        (Epoch, StepInEpoch, Means) = (Epoch + 1, 0, new RunningMeans());
        ForgetEpochStart();
    }

    /// <summary>The whole state by name.</summary>
    /// <returns>Registered tensors, which go on changing, and new ones, which belong to the caller or the
    /// caller's dispose scope.</returns>
    public IReadOnlyList<(string Name, Tensor Tensor)> Save() =>
    [
        .. tensors,
        (Position, torch.tensor([Epoch, StepInEpoch], ScalarType.Int64)),
        (Sums, torch.tensor(Means.Sums.ToArray(), ScalarType.Float64)),
        (Past, HistoryTable.Write(History, components)),
        .. streams.Select(stream => (stream.Name, stream.Generator.get_state())),
        .. epochStreams.Select((stream, i) => (stream.Name, epochStart?[i].alias() ?? stream.Generator.get_state())),
    ];

    /// <summary>Restores what <see cref="Save"/> returned.</summary>
    /// <exception cref="FormatException">It is not a state of this training; nothing has changed.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> saved)
    {
        using var frozen = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        foreach ((string name, Action add) in conditional)
        {
            if (saved.ContainsKey(name) && !tensors.Any(entry => entry.Name == name))
            {
                add();
            }
        }
        foreach ((string name, Tensor own) in Save().Where(entry => IsThere(entry.Name)))
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

        foreach ((string name, Tensor own) in tensors.Where(entry => IsThere(entry.Name)))
        {
            own.copy_(saved[name]);
        }
        foreach ((string name, Generator generator) in streams.Concat(epochStreams))
        {
            generator.set_state(saved[name]);
        }
        (Epoch, StepInEpoch, Means) = ((int)epoch, stepInEpoch, new RunningMeans(saved[Sums].data<double>().ToArray()));
        History.Clear();
        History.AddRange(HistoryTable.Read(saved[Past], validation));
        ForgetEpochStart();

        bool IsThere(string name) => saved.ContainsKey(name) || !optional.Contains(name);
    }

    public void Dispose() => ForgetEpochStart();

    private static void RequireLike(string name, Tensor own, IReadOnlyDictionary<string, Tensor> saved)
    {
        if (!saved.TryGetValue(name, out Tensor? tensor))
        {
            throw new FormatException($"expected a tensor '{name}', found none");
        }
        // The history may have any number of rows.
        long[] Shape(Tensor of) => name == Past && of.dim() > 0 ? of.shape[1..] : of.shape;
        if (tensor.dtype != own.dtype || tensor.dim() != own.dim() || !Shape(tensor).SequenceEqual(Shape(own)))
        {
            throw new FormatException($"expected tensor '{name}' to be {Describe(own)}, found {Describe(tensor)}");
        }
    }

    private (long Epoch, long StepInEpoch) RequirePosition(long[] position) =>
        position is [long epoch, long step] && epoch >= 1 && epoch <= epochs && step >= 0 && step <= stepsPerEpoch
            ? (epoch, step)
            : throw new FormatException(Invariant(
                $"expected an epoch from 1 to {epochs} and a step from 0 to {stepsPerEpoch}, found {position[0]} and {position[1]}"));

    private static string Describe(Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";

    private void ForgetEpochStart()
    {
        foreach (Tensor state in epochStart ?? [])
        {
            state.Dispose();
        }
        epochStart = null;
    }
}
