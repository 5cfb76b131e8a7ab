using System.Security.Cryptography;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;
using DiffusionVae.Tests.Models;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Runs;

/// <summary>
/// A state of training with all kinds of parts, as small as can be: after one epoch of three.
/// </summary>
internal sealed class SmallState : IDisposable
{
    private static readonly RunConfig Config = new();

    private static readonly ModelScore Score = new()
    {
        Count = 2,
        Pixels = 36,
        Elbo = -4,
        StandardError = 0.1,
        ComponentKl = [2.5],
        Mse = 0.2,
        LogTime = -3,
    };

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Generator noise = new(1, CPU);
    private readonly Generator order = new(2, CPU);

    public SmallState()
    {
        State = new TrainingState(epochs: 3, stepsPerEpoch: 4, Pictures.Waves(2, 1), components: 1);
        State.Add("weights", arange(5, ScalarType.Float32));
        State.Add("generator.noise", noise);
        State.AddPerEpoch("generator.order", order);
        State.NextEpoch(new EpochMetrics
        {
            Epoch = 1,
            Seconds = 0.5,
            TrainElbo = -3,
            TrainKl = 2,
            TrainMse = 0.1,
            Validation = Score,
        });
    }

    public TrainingState State { get; }

    public string Write(string path)
    {
        CheckpointFile.Write(path, State, Config, "data");
        return path;
    }

    public void Read(string path) => CheckpointFile.Read(path, State, Config, "data");

    /// <summary>Tells this state from any other.</summary>
    public string Digest()
    {
        using DisposeScope inner = NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string _, Tensor tensor) in State.Save())
        {
            hash.AppendData(tensor.contiguous().bytes);
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    public void Dispose()
    {
        State.Dispose();
        noise.Dispose();
        order.Dispose();
        scope.Dispose();
    }
}
