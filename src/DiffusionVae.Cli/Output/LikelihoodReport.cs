using CsvHelper;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;
using static System.FormattableString;

namespace DiffusionVae.Cli.Output;

/// <summary>The likelihood of a set of images.</summary>
internal static class LikelihoodReport
{
    /// <summary>Writes it for people.</summary>
    public static void Write(TextWriter output, LikelihoodResult result)
    {
        (double lower, double upper) = result.Interval;
        string interval = result.Count == 1
            ? "no interval: a single image"
            : Invariant($"95% interval over {result.Count} images {lower:0.000} to {upper:0.000}");
        ResultLine.Write(output, "LL", Invariant($"{result.Mean:0.000} nats per image ({interval})"));
        switch (result)
        {
            case ImportanceLikelihood importance:
                ResultLine.Continue(output, Invariant($"a lower bound: importance sampling, {importance.Samples} samples, ")
                    + Invariant($"effective {importance.MeanEffectiveSampleSize:0.0} (median {importance.MedianEffectiveSampleSize:0.0})"));
                break;
            case QuadratureLikelihood quadrature:
                ResultLine.Continue(output, Invariant($"quadrature, {quadrature.Nodes} nodes; the last two grids differ by ")
                    + Invariant($"{quadrature.MeanError:0.0e0} nats on average, {quadrature.MaximumError:0.0e0} at most"));
                if (!quadrature.Converged)
                {
                    ResultLine.Write(output, "WARNING", "the quadrature has not converged: posteriors are narrower than the finest grid.");
                }
                break;
        }
    }

    /// <summary>The same for programs, with all digits.</summary>
    public static object ForPrograms(LikelihoodResult result) => new
    {
        Method = result is ImportanceLikelihood ? "importance" : "quadrature",
        LogLikelihood = result.Mean,
        result.Interval.Lower,
        result.Interval.Upper,
        Images = result.Count,
        (result as ImportanceLikelihood)?.Samples,
        (result as ImportanceLikelihood)?.MeanEffectiveSampleSize,
        (result as ImportanceLikelihood)?.MedianEffectiveSampleSize,
        (result as QuadratureLikelihood)?.Nodes,
        (result as QuadratureLikelihood)?.MeanError,
        (result as QuadratureLikelihood)?.MaximumError,
        (result as QuadratureLikelihood)?.Converged,
    };

    /// <summary>Writes a row for each image to a new file.</summary>
    /// <exception cref="IOException">The file exists, or cannot be written.</exception>
    public static void WriteCsv(string path, LikelihoodResult result, ImageSet images)
    {
        long[]? labels = images.Labels?.cpu().data<long>().ToArray();
        (string name, IReadOnlyList<double> quality) = result switch
        {
            ImportanceLikelihood importance => ("effective_sample_size", importance.EffectiveSampleSize),
            QuadratureLikelihood quadrature => ("error", quadrature.Errors),
            _ => throw new ArgumentException($"A likelihood of the kind {result.GetType().Name} has no columns.", nameof(result)),
        };
        AtomicFile.Write(path, stream =>
        {
            using var csv = CsvWriter.Create(stream, CsvFormat.Writing, leaveOpen: true);
            csv.WriteRecord(["image", "label", "log_likelihood", name]);
            for (int i = 0; i < result.Count; i++)
            {
                csv.WriteField(i);
                csv.WriteField(labels is null ? "" : images.NameOf(labels[i]));
                csv.WriteField(result.LogLikelihood[i]);
                csv.WriteField(quality[i]);
                csv.EndRecord();
            }
        });
    }
}
