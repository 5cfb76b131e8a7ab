using System.Runtime.InteropServices;
using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>
/// How a run was aligned, and how long its encoder rests after a spectral alignment: until the decoder has
/// learnt the layout. Before that, what the decoder asks for would undo it.
/// </summary>
/// <remarks>
/// The decoder has learnt the layout when it reconstructs observations better than they follow from their
/// neighbours on it (<see cref="InterpolationError"/>), at the latest after three tenths of the run. Then the
/// encoder's learning rate grows over as many steps as it rested.
/// </remarks>
internal sealed class AlignmentState : IDisposable
{
    private const double LongestShare = 0.3;

    /// <summary>The share of the newest batch in the running error.</summary>
    private const double Freshness = 0.05;

    // One tensor, so that a checkpoint keeps it: kind, sufficient error, running error, steps of rest.
    private readonly Tensor numbers = torch.zeros(4, ScalarType.Float64).DetachFromDisposeScope();

    /// <summary>How the run was aligned.</summary>
    public AlignmentKind Kind => (AlignmentKind)(int)Numbers[0];

    private Span<double> Numbers => MemoryMarshal.Cast<byte, double>(numbers.bytes);

    /// <summary>Registers what decides the steps to come. Checkpoints of older versions do without.</summary>
    public void AddTo(TrainingState state) => state.AddOptional("alignment", numbers);

    /// <summary>The encoder was taught a layout: it rests.</summary>
    /// <param name="sufficientError">The squared error of an observation with which the rest may end.</param>
    public void BeginRest(double sufficientError)
    {
        Span<double> all = Numbers;
        (all[0], all[1], all[2], all[3]) = ((double)AlignmentKind.Spectral, sufficientError, double.NaN, 0);
    }

    /// <summary>A step is done.</summary>
    /// <param name="terms">Its terms.</param>
    /// <param name="step">The steps that are done.</param>
    /// <param name="steps">The steps of the whole run.</param>
    /// <param name="least">The least number of steps of the rest.</param>
    public void Observe(ElboTerms terms, long step, long steps, long least)
    {
        Span<double> all = Numbers;
        if (Kind != AlignmentKind.Spectral || all[3] > 0)
        {
            return;
        }
        double squaredError = terms.SquaredError.mean().ToDouble();
        all[2] = double.IsNaN(all[2]) ? squaredError : all[2] + (Freshness * (squaredError - all[2]));
        if (step >= least && (all[2] < all[1] || step >= LongestShare * steps))
        {
            all[3] = step;
        }
    }

    /// <summary>The learning rate of the encoder after a spectral alignment, as a share of the decoder's, 0
    /// to 1.</summary>
    /// <param name="step">The step, counted from 0 over the whole run.</param>
    public double EncoderShareAt(long step)
    {
        double rest = Numbers[3];
        return rest == 0 ? 0 : Math.Clamp((step - rest + 1) / rest, 0, 1);
    }

    /// <summary>Frees the tensor.</summary>
    public void Dispose() => numbers.Dispose();
}
