using System.Globalization;

namespace DiffusionVae.Runs;

/// <summary>Devices by name.</summary>
internal static class Devices
{
    /// <summary>Reads <c>cpu</c>, <c>cuda</c> or <c>cuda:i</c>.</summary>
    /// <exception cref="FormatException">The name is none of these.</exception>
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

    /// <summary>
    /// The device of a run. Also sets the number of threads of all tensor operations of the process to the
    /// run's: this is the only place that does.
    /// </summary>
    /// <inheritdoc cref="Parse" path="/exception"/>
    public static Device Use(RunConfig config)
    {
        Device device = Parse(config.Device);
        torch.set_num_threads(config.Threads == 0 ? Environment.ProcessorCount : config.Threads);
        return device;
    }

    private static Device Cuda(string name, int index) =>
        torch.cuda.is_available() && index < torch.cuda.device_count()
            ? new Device(DeviceType.CUDA, index)
            : throw new DeviceNotFoundException(name);
}
