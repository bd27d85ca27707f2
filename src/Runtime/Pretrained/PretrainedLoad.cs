using Lanyard.Checkpoints;

namespace Lanyard.Pretrained;

/// <summary>Makes a model and loads it.</summary>
internal delegate ICausalLM PretrainedLoad(Checkpoint checkpoint, PretrainedConfig config, PretrainedOptions options, CancellationToken cancellationToken, out LoadReport report);
