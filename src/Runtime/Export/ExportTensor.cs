using System.Collections.Immutable;
using Lanyard.Parts;
using TorchSharp;

namespace Lanyard.Export;

/// <summary>A tensor that is going to be written.</summary>
/// <param name="Name">The full name, as it is written.</param>
/// <param name="Slice">What this rank holds of it; this decides the shape.</param>
/// <param name="Values">The type in which its values are gathered; nothing is lost on the way there.</param>
/// <param name="Type">The type in which it is written.</param>
/// <param name="Narrows">Whether that is narrower than the type of the parameters.</param>
/// <param name="Uses">The parameters that give its elements, together each once unless some are shared.</param>
/// <param name="IsShared">Whether some elements are given several times, as one stored scale that two parts hold: by the same bits, or not at all.</param>
internal sealed record ExportTensor(string Name, TensorSlice Slice, torch.ScalarType Values, torch.ScalarType Type, bool Narrows, ImmutableArray<ExportUse> Uses, bool IsShared);
