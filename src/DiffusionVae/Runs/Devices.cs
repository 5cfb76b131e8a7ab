using System.Globalization;

namespace DiffusionVae.Runs;

/// <summary>The devices that can be named.</summary>
public static class Devices
{
    /// <summary>Reads <c>cpu</c>, <c>cuda</c> or <c>cuda:i</c>.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    /// <exception cref="DeviceNotFoundException">This machine, or this build, has no such device.</exception>
    public static Device Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        switch (name.Split(':', 2))
        {
            case ["cpu"]:
                return CPU;
            case ["cuda"]:
                return Cuda(name, 0);
            case ["cuda", string index] when int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int number):
                return Cuda(name, number);
            default:
                throw new FormatException($"There is no device '{name}'. There are cpu, cuda and cuda:i.");
        }
    }

    /// <summary>Sets the number of threads of tensor operations; 0 for one for each core.</summary>
    public static void UseThreads(int threads) => torch.set_num_threads(threads == 0 ? Environment.ProcessorCount : threads);

    private static Device Cuda(string name, int index) =>
        torch.cuda.is_available() && index < torch.cuda.device_count()
            ? new Device(DeviceType.CUDA, index)
            : throw new DeviceNotFoundException(name);
}
