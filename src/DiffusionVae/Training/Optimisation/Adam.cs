namespace DiffusionVae.Training;

/// <summary>
/// Adam (Kingma and Ba 2015) on the parameters of a network, by libtorch's fused kernel where there is one:
/// one pass over memory.
/// </summary>
internal sealed class Adam : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Epsilon = 1e-8;

    // The lists are arguments: TorchScript takes lists that it builds itself for temporaries, and drops the
    // update.
    private const string Script = """
        def step(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], n: List[Tensor],
                 lr: float, beta1: float, beta2: float, eps: float):
            torch._fused_adam_(p, g, m, v, [], n, lr=lr, beta1=beta1, beta2=beta2, weight_decay=0.0, eps=eps,
                               amsgrad=False, maximize=False)
            return len(n)

        """;

    private readonly torch.jit.CompilationUnit? fused;
    private readonly double beta2;
    private readonly Tensor[] values;
    private readonly Tensor first;
    private readonly Tensor second;
    private readonly Tensor steps;
    private readonly Tensor[] firstMoments;
    private readonly Tensor[] secondMoments;
    private readonly Tensor[] stepsOfEach;
    private readonly Scalar one = 1;

    /// <summary>Prepares to update parameters.</summary>
    /// <param name="parameters">The parameters; not owned.</param>
    /// <param name="beta2">The share of the mean square of the gradients that a step keeps, 0 to 1.</param>
    /// <param name="plain">Whether to compute operation by operation, as on devices for which libtorch has no
    /// fused kernel.</param>
    public Adam(FlatParameters parameters, double beta2, bool plain = false)
    {
        Device device = parameters.Values.device;
        fused = plain || device.type is not (DeviceType.CPU or DeviceType.CUDA) ? null : torch.jit.compile(Script);
        this.beta2 = beta2;
        values = [.. parameters.Tensors];
        first = torch.zeros_like(parameters.Values).DetachFromDisposeScope();
        second = torch.zeros_like(parameters.Values).DetachFromDisposeScope();
        steps = torch.zeros([], ScalarType.Float32, device).DetachFromDisposeScope();
        firstMoments = [.. parameters.Views(first).Select(view => view.DetachFromDisposeScope())];
        secondMoments = [.. parameters.Views(second).Select(view => view.DetachFromDisposeScope())];
        stepsOfEach = [.. values.Select(_ => steps)];
    }

    /// <summary>Registers what decides the steps to come.</summary>
    public void AddTo(TrainingState state, string owner)
    {
        state.Add($"{owner}.adam.first", first);
        state.Add($"{owner}.adam.second", second);
        state.Add($"{owner}.adam.steps", steps);
    }

    /// <summary>Moves the parameters against their gradients.</summary>
    public void Step(double learningRate, IReadOnlyList<Tensor> gradients)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        steps.add_(one);
        if (fused is not null)
        {
            // The kernel ignores strides.
            Tensor[] dense = [.. gradients.Select(gradient => gradient.contiguous())];
            // Held here: numbers that only the call holds may be collected, and so freed, while the kernel
            // reads them.
            using Scalar lr = learningRate, decay1 = Beta1, decay2 = beta2, eps = Epsilon;
            fused.invoke("step", values, dense, firstMoments, secondMoments, stepsOfEach, lr, decay1, decay2, eps);
            return;
        }
        double t = steps.ToDouble();
        using Scalar keep1 = Beta1, keep2 = beta2, rest1 = 1 - Beta1, rest2 = 1 - beta2, epsilon = Epsilon;
        using Scalar rate = -learningRate / (1 - Math.Pow(Beta1, t)), scale = 1 / Math.Sqrt(1 - Math.Pow(beta2, t));
        for (int i = 0; i < values.Length; i++)
        {
            Tensor m = firstMoments[i].mul_(keep1).add_(gradients[i], rest1);
            Tensor v = secondMoments[i].mul_(keep2).addcmul_(gradients[i], gradients[i], rest2);
            values[i].addcdiv_(m, v.sqrt().mul_(scale).add_(epsilon), rate);
        }
    }

    public void Dispose()
    {
        foreach (Tensor tensor in (Tensor[])[.. firstMoments, .. secondMoments, first, second, steps])
        {
            tensor.Dispose();
        }
        fused?.Dispose();
    }
}
