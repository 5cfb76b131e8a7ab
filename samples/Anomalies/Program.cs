// The log-likelihood of an image that was not trained on, as a score of how unusual it is: trains without one
// kind of image, and then tells that kind from the others. Anomalies [EPOCHS [LABEL OF THE KIND [FOLDER OF
// IDX FILES]]]
using System.Globalization;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;
using DiffusionVae.Training;
using TorchSharp;

int epochs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
long unusual = args.Length > 1 ? long.Parse(args[1], CultureInfo.InvariantCulture) : 0;
using ImageData all = args.Length > 2 ? IdxFolder.Load(args[2]) : Mnist.Load();
using var data = new ImageData("the usual", Chosen(all.Train, label => label.ne(unusual)), Chosen(all.Test, label => label.ne(unusual)));
using ImageSet others = Chosen(all.Test, label => label.eq(unusual));

string folder = Path.Combine(Path.GetTempPath(), "anomalies-" + Path.GetRandomFileName());
using Run run = Run.Train(new RunConfig { Manifold = "sphere", Training = new TrainingOptions { Epochs = epochs } }, data, folder);

double[] usualScores = Scores(data.Test), unusualScores = Scores(others);
double sorted = unusualScores.Average(low => usualScores.Average(high => low < high ? 1.0 : 0));
Console.WriteLine(FormattableString.Invariant(
    $"log-likelihood {usualScores.Average():0.00} of what is like the training images, {unusualScores.Average():0.00} of what is not"));
Console.WriteLine(FormattableString.Invariant(
    $"the unusual one of a pair has the lower score in {100 * sorted:0.0}% of pairs (area under the ROC curve {sorted:0.000})"));

// log p(x) for each image, in nats, by importance sampling.
double[] Scores(ImageSet images)
{
    var options = new ImportanceOptions { Samples = 100, Images = Math.Min(images.Count, 500) };
    return [.. run.EvaluateByImportance(images, options).LogLikelihood];
}

// The images whose label is of a kind.
static ImageSet Chosen(ImageSet images, Func<torch.Tensor, torch.Tensor> kind)
{
    using var scope = torch.NewDisposeScope();
    torch.Tensor labels = images.Labels ?? throw new InvalidOperationException($"{images.Name} has no labels.");
    return new ImageSet(images.Name, images.Pixels[kind(labels)], images.Shape);
}
