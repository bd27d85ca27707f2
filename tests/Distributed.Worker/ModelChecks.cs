using Lanyard.Checkpoints;
using Lanyard.Models.Llama4;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Distributed.Worker;

/// <summary>A whole model on four processes.</summary>
internal static class ModelChecks
{
    public static void Run(Checks checks, MpiRuntime mpi, string checkpoint)
    {
        var groups = mpi.Groups(2, 2);
        checks.Section("model", all =>
        {
            if (groups is null) return;
            using var scope = NewDisposeScope();
            using var expected = Checkpoint.Open(Path.Combine(checkpoint, "expected.safetensors"));
            var input = expected.View(expected.Tensors["input_ids"]);
            var found = Logits(groups.Topology, groups);
            var threads = InProcessRanks.Run(2, 2, Logits)[0];
            all.That(found.bytes.SequenceEqual(threads.bytes), "logits are not those of threads, bit for bit");
            var difference = (found - expected.View(expected.Tensors["logits"])).abs().max().ToDouble();
            all.That(difference < 1e-4, $"logits differ from the reference by {difference}");

            Tensor Logits(Topology topology, ICollectives ranks)
            {
                using var model = AutoModel.FromPretrained<Llama4ForCausalLM>(checkpoint, new PretrainedOptions { Topology = topology, Type = ScalarType.Float32 }).Join(ranks);
                return model.Logits(input);
            }
        });
    }
}
