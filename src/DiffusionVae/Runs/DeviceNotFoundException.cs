namespace DiffusionVae.Runs;

/// <summary>A device was asked for that is not there.</summary>
public sealed class DeviceNotFoundException : Exception
{
    internal DeviceNotFoundException(string name)
        : base($"There is no device '{name}' here: it needs an NVIDIA GPU and a build with the CUDA backend of TorchSharp. Use cpu.")
    {
    }
}
