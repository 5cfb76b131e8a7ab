namespace DiffusionVae.Training;

/// <summary>Adam (Kingma and Ba 2015) on one flat vector: libtorch's fused kernel, one pass over memory.</summary>
internal sealed class Adam : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    // The lists are arguments, not built in the script: TorchScript takes lists of its own making for temporaries and drops the update.
    private const string Script = """
        def step(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], n: List[Tensor], lr: float, beta1: float, beta2: float, eps: float):
            torch._fused_adam_(p, g, m, v, [], n, lr=lr, beta1=beta1, beta2=beta2, weight_decay=0.0, eps=eps, amsgrad=False, maximize=False)
            return n

        """;

    private readonly torch.jit.CompilationUnit compiled = torch.jit.compile(Script);
    private readonly Tensor[] values;
    private readonly Tensor[] gradients;
    private readonly Tensor[] firstMoment;
    private readonly Tensor[] secondMoment;
    private readonly Tensor[] steps;
    private readonly Scalar one = 1;

    public Adam(FlatParameters parameters)
    {
        values = [parameters.Values];
        gradients = [parameters.Gradients];
        firstMoment = [torch.zeros_like(parameters.Values).DetachFromDisposeScope()];
        secondMoment = [torch.zeros_like(parameters.Values).DetachFromDisposeScope()];
        steps = [torch.zeros([], ScalarType.Float32, parameters.Values.device).DetachFromDisposeScope()];
    }

    /// <summary>Names what decides the steps to come.</summary>
    public void AddTo(TrainingState state, string owner)
    {
        state.Add($"{owner}.adam.first", firstMoment[0]);
        state.Add($"{owner}.adam.second", secondMoment[0]);
        state.Add($"{owner}.adam.steps", steps[0]);
    }

    /// <summary>Moves the values against the gradients, and clears these.</summary>
    public void Step(double learningRate)
    {
        using var scope = torch.NewDisposeScope();
        steps[0].add_(one);
        compiled.invoke("step", values, gradients, firstMoment, secondMoment, steps, learningRate, Beta1, Beta2, Epsilon);
        gradients[0].zero_();
    }

    public void Dispose()
    {
        firstMoment[0].Dispose();
        secondMoment[0].Dispose();
        steps[0].Dispose();
        compiled.Dispose();
    }
}
