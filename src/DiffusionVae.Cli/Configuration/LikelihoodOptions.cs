using System.CommandLine;
using DiffusionVae.Evaluation;
using static System.FormattableString;

namespace DiffusionVae.Cli.Configuration;

/// <summary>The options of <c>evaluate</c> that ask for the likelihood.</summary>
internal sealed class LikelihoodOptions
{
    private readonly Option<LikelihoodMethod> method = TextOption.Create(
        "--likelihood", string.Join('|', ValueText.Names<LikelihoodMethod>()),
        "Also estimate log p(x): a lower bound by importance sampling, or by quadrature over a latent space of dimension at most 3",
        ValueText.Choice<LikelihoodMethod>);

    private readonly Option<int> samples = TextOption.Create(
        "--samples",
        "L",
        Invariant($"Samples for each image, for importance sampling (at least 1) [default: {new ImportanceOptions().Samples}]"),
        ValueText.Int32);

    private readonly Option<long> images = TextOption.Create(
        "--images", "K", "Estimate it for the first K images alone [default: all]", ValueText.Int64);

    private readonly Option<string> csv = TextOption.Create(
        "--csv", "FILE", "Write the likelihood of each image to a new file", ValueText.Any);

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[method, samples, images, csv])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The requested likelihood; null if none is requested.</summary>
    /// <exception cref="UsageException">The options contradict each other.</exception>
    public LikelihoodRequest? Read(ParseResult parsed)
    {
        Option? detail = ((Option[])[samples, images, csv]).FirstOrDefault(parsed.IsTyped);
        if (!parsed.IsTyped(method))
        {
            return detail is null ? null : throw new UsageException($"{detail.Name} goes with --likelihood importance or quadrature.");
        }
        var request = new LikelihoodRequest
        {
            Method = parsed.GetValue(method),
            Samples = parsed.IsTyped(samples) ? parsed.GetValue(samples) : new ImportanceOptions().Samples,
            Images = parsed.IsTyped(images) ? parsed.GetValue(images) : null,
            Csv = parsed.GetValue(csv),
        };
        return request switch
        {
            { Samples: < 1 } => throw new UsageException(Invariant($"--samples is {request.Samples}; it must be at least 1.")),
            { Images: < 1 } => throw new UsageException(Invariant($"--images is {request.Images}; it must be at least 1.")),
            { Csv: { } file } when Path.Exists(file) => throw new UsageException($"'{file}' exists; --csv takes a new file."),
            { Method: LikelihoodMethod.Quadrature } when parsed.IsTyped(samples) =>
                throw new UsageException("--samples goes with --likelihood importance; quadrature chooses its nodes itself."),
            _ => request,
        };
    }
}
