using TorchSharp;

namespace Lanyard;

/// <summary>
/// Makes the memory of one parameter: an engine's own, such as a view of one arena. What is in it does not matter. It is asked for every parameter with
/// elements that is made here: first of all, when experts are placed, for what <c>to()</c> converts, and for what post-load makes on a first load.
/// </summary>
/// <param name="shape">The shape.</param>
/// <param name="type">The element type.</param>
/// <param name="device">The device.</param>
/// <returns>
/// A contiguous tensor of that shape, type and device, whose memory no other parameter has. The object belongs to the model then and is disposed: a view of what
/// the engine keeps, not that itself. Its storage lives as long as the parameter, or the engine, has it.
/// </returns>
public delegate torch.Tensor ParameterAllocator(long[] shape, torch.ScalarType type, torch.Device device);
