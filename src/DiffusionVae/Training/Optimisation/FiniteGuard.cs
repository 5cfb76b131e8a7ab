using System.Runtime.InteropServices;
using DiffusionVae.Evaluation;
using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>
/// Ends training where a number is not finite, before it reaches the weights; says which number it was, and
/// where.
/// </summary>
internal sealed class FiniteGuard(Optimiser optimiser, TrainingState state)
{
    /// <summary>
    /// Computes something with the model. Where the weights are not finite, an operation may fail before its
    /// result can be looked at.
    /// </summary>
    /// <exception cref="TrainingDivergedException">The weights are not finite.</exception>
    public T Check<T>(Func<T> compute)
    {
        try
        {
            return compute();
        }
        catch (ExternalException)
        {
            CheckWeights();
            throw;
        }
    }

    /// <summary>Checks the ELBO of a batch, and returns it.</summary>
    /// <param name="terms">Its terms, which are searched for the culprit.</param>
    /// <param name="elbo">The ELBO.</param>
    /// <exception cref="TrainingDivergedException">It is not finite.</exception>
    public double Check(ElboTerms terms, double elbo) => double.IsFinite(elbo) ? elbo : throw Diverged(NotFinite.Among(terms, elbo));

    /// <summary>Checks the gradients of the shards of a batch.</summary>
    /// <exception cref="TrainingDivergedException">They are not finite.</exception>
    public void Check(IReadOnlyList<Gradients> shards)
    {
        foreach (Gradients gradients in shards)
        {
            if (optimiser.NotFinite(gradients) is { } culprit)
            {
                throw Diverged(culprit);
            }
        }
    }

    /// <summary>
    /// Computes a score, and checks it: the last step of an epoch can spoil the weights, which must not be
    /// kept as good ones.
    /// </summary>
    /// <exception cref="TrainingDivergedException">It is not finite.</exception>
    public ModelScore Check(Func<ModelScore> evaluate)
    {
        ModelScore score = Check<ModelScore>(evaluate);
        return double.IsFinite(score.Elbo) ? score : throw Diverged(("ELBO on the images set apart", score.Elbo));
    }

    /// <summary>Checks the weights.</summary>
    /// <exception cref="TrainingDivergedException">They are not finite.</exception>
    public void CheckWeights()
    {
        if (optimiser.WeightsNotFinite() is { } culprit)
        {
            throw Diverged(culprit);
        }
    }

    private TrainingDivergedException Diverged((string What, double Value) culprit) =>
        new(culprit.What, culprit.Value, state.Step, state.Epoch);
}
