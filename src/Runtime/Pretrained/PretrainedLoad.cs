using Lanyard.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Pretrained;

/// <summary>Makes a model and loads it.</summary>
internal delegate Module<Tensor, Tensor> PretrainedLoad(Checkpoint checkpoint, PretrainedConfig config, PretrainedOptions options, CancellationToken cancellationToken, out LoadReport report);
