using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Lanyard.Checkpoints;

/// <summary>A tensor that is made when its turn to be written comes, so that a checkpoint need not be in memory as a whole.</summary>
/// <param name="Name">The name, unique in the checkpoint.</param>
/// <param name="DType">The element type that the tensor will have.</param>
/// <param name="Shape">The shape that it will have, outermost axis first.</param>
/// <param name="Make">Makes the tensor; it is called once and its result is disposed by the writer.</param>
public sealed record TensorProducer(string Name, CheckpointType DType, ImmutableArray<long> Shape, Func<Tensor> Make);
