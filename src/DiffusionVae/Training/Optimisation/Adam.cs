namespace DiffusionVae.Training;

/// <summary>
/// Adam (Kingma and Ba 2015) on the parameters of a network, in one pass over memory: by
/// <see cref="AdamKernel"/> on the processor, by libtorch's fused kernel on NVIDIA's.
/// </summary>
internal sealed class Adam : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Epsilon = 1e-8;

    // Of a piece: its numbers stay in the near cache of a core, and its rows fill the blocks of a product.
    private const int NumbersOfPiece = 1 << 16, FullRows = 64;

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
    private readonly bool inMemory;
    private readonly Scalar one = 1;

    /// <summary>Prepares to update parameters.</summary>
    /// <param name="parameters">The parameters; not owned.</param>
    /// <param name="beta2">The share of the mean square of the gradients that a step keeps, 0 to 1.</param>
    /// <param name="plain">Whether to compute operation by operation, as where there is no kernel.</param>
    public Adam(FlatParameters parameters, double beta2, bool plain = false)
    {
        Device device = parameters.Values.device;
        fused = plain || device.type != DeviceType.CUDA ? null : torch.jit.compile(Script);
        this.beta2 = beta2;
        values = [.. parameters.Tensors];
        inMemory = !plain && AdamKernel.IsApplicable(parameters.Values);
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
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="shards">Of each shard of the batch a share in each gradient; they are summed.</param>
    /// <returns>
    /// The pieces of the step: each must be done once, on any thread, before the next step.
    /// </returns>
    public IEnumerable<Action> Step(double learningRate, IReadOnlyList<IReadOnlyList<PartialGradient>> shards)
    {
        using (torch.no_grad())
        {
            steps.add_(one);
        }
        double t = steps.ToDouble(), rate = learningRate / (1 - Math.Pow(Beta1, t)), scale = 1 / Math.Sqrt(1 - Math.Pow(beta2, t));
        if (!inMemory)
        {
            return [() => StepByLibtorch(learningRate, rate, scale, shards)];
        }
        var kernel = new AdamKernel((float)Beta1, (float)beta2, (float)rate, (float)scale, (float)Epsilon);
        return values.Index().SelectMany(value => Pieces(value.Item).Select(piece => (Action)(() =>
        {
            using var scope = torch.NewDisposeScope();
            using var frozen = torch.no_grad();
            (int i, Tensor parameter) = value;
            int width = (int)(parameter.numel() / Rows(parameter));
            Range numbers = (piece.Start * width)..((piece.Start + piece.Count) * width);
            Tensor gradient = PartialGradient.Sum(shards.Select(shard => shard[i]), parameter, piece.Start, piece.Count);
            kernel.Update(parameter, firstMoments[i], secondMoments[i], numbers, gradient);
        })));
    }

    /// <summary>A parameter in pieces of some rows.</summary>
    private static IEnumerable<(int Start, int Count)> Pieces(Tensor parameter)
    {
        int rows = Rows(parameter);
        int most = (int)Math.Max(FullRows, NumbersOfPiece / (parameter.numel() / rows) / FullRows * FullRows);
        for (int start = 0; start < rows; start += most)
        {
            yield return (start, Math.Min(most, rows - start));
        }
    }

    private static int Rows(Tensor parameter) => parameter.dim() == 0 ? 1 : (int)parameter.size(0);

    private void StepByLibtorch(
        double learningRate, double rate, double scale, IReadOnlyList<IReadOnlyList<PartialGradient>> shards)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor[] gradients = [.. values.Select((parameter, i) =>
            PartialGradient.Sum(shards.Select(shard => shard[i]), parameter))];
        if (fused is null)
        {
            StepPlainly(rate, scale, gradients);
            return;
        }
        // Held here: numbers that only the call holds may be collected, and so freed, while the kernel
        // reads them.
        using Scalar lr = learningRate, decay1 = Beta1, decay2 = beta2, eps = Epsilon;
        fused.invoke("step", values, gradients, firstMoments, secondMoments, stepsOfEach, lr, decay1, decay2, eps);
    }

    /// <summary>The kernel, operation by operation.</summary>
    private void StepPlainly(double rate, double scale, Tensor[] gradients)
    {
        using Scalar keep1 = Beta1, keep2 = beta2, rest1 = 1 - Beta1, rest2 = 1 - beta2, epsilon = Epsilon;
        using Scalar factor = scale, minusRate = -rate;
        for (int i = 0; i < values.Length; i++)
        {
            Tensor m = firstMoments[i].mul_(keep1).add_(gradients[i], rest1);
            Tensor v = secondMoments[i].mul_(keep2).addcmul_(gradients[i], gradients[i], rest2);
            values[i].addcdiv_(m, v.sqrt().mul_(factor).add_(epsilon), minusRate);
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
