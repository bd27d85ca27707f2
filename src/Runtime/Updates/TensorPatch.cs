using TorchSharp;

namespace Lanyard;

/// <summary>A few elements of one checkpoint tensor.</summary>
/// <param name="Name">The full name in the checkpoint.</param>
/// <param name="Indices">Flat indices into the whole, unsliced checkpoint tensor, each once: int64, int32 or any other type of whole numbers, [count].</param>
/// <param name="Values">Their values: [count].</param>
/// <param name="Encoding">How the indices are written.</param>
public sealed record TensorPatch(string Name, torch.Tensor Indices, torch.Tensor Values, IndexEncoding Encoding = IndexEncoding.Flat);
