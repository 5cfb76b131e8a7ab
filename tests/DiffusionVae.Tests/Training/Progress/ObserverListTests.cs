using System.Reflection;
using DiffusionVae.Evaluation;
using DiffusionVae.Training;

namespace DiffusionVae.Tests.Training;

/// <summary>Several observers as one.</summary>
public class ObserverListTests
{
    private static readonly ModelScore Score = new()
    {
        Count = 1,
        Pixels = 1,
        Elbo = 0,
        StandardError = 0,
        ComponentKl = [0],
        Mse = 0,
        LogTime = 0,
    };

    /// <summary>
    /// Interface members have default bodies, so that the compiler would not say that one is not passed on.
    /// </summary>
    [Fact]
    public void Every_message_reaches_every_observer_in_order()
    {
        var told = new List<string>();
        var list = new ObserverList(new Scribe("first", told), null, new Scribe("second", told));
        var messages = new Dictionary<string, object>
        {
            [nameof(ITrainingObserver.Resumed)] = new Resumption { Epoch = 1, Step = 0, Checkpoint = null, Repairs = [] },
            [nameof(ITrainingObserver.RestartTried)] = new RestartTrial { Restart = 0, Restarts = 1, Epochs = 1, Elbo = null },
            [nameof(ITrainingObserver.Warned)] = "a warning",
            [nameof(ITrainingObserver.Aligning)] = 0.5,
            [nameof(ITrainingObserver.StepDone)] = new TrainingStep { Epoch = 1, Step = 1, Steps = 1, Elbo = 0 },
            [nameof(ITrainingObserver.EpochDone)] = new EpochMetrics
            {
                Epoch = 1,
                Seconds = 0,
                TrainElbo = 0,
                TrainKl = 0,
                TrainMse = 0,
                Validation = Score,
            },
        };
        MethodInfo[] members = typeof(ITrainingObserver).GetMethods();
        Assert.Equal(messages.Keys.Order(), members.Select(member => member.Name).Order());
        foreach (MethodInfo member in members)
        {
            told.Clear();
            member.Invoke(list, [messages[member.Name]]);
            Assert.Equal([$"first {member.Name}", $"second {member.Name}"], told);
        }
    }

    private sealed class Scribe(string name, List<string> told) : ITrainingObserver
    {
        public void Resumed(Resumption from) => told.Add($"{name} {nameof(Resumed)}");

        public void Aligning(double share) => told.Add($"{name} {nameof(Aligning)}");

        public void RestartTried(RestartTrial trial) => told.Add($"{name} {nameof(RestartTried)}");

        public void Warned(string warning) => told.Add($"{name} {nameof(Warned)}");

        public void StepDone(TrainingStep progress) => told.Add($"{name} {nameof(StepDone)}");

        public void EpochDone(EpochMetrics metrics) => told.Add($"{name} {nameof(EpochDone)}");
    }
}
