using System.Text;
using Lanyard.Checkpoints;
using Lanyard.Distributed;
using Lanyard.Models.Llama4;
using static TorchSharp.torch;

namespace Lanyard.Ranks;

/// <summary>One rank of the engine: loads its slices, answers with the others, and takes new weights when all can.</summary>
internal sealed class EngineRank(MpiRuntime mpi, MpiGroups groups, string directory, IDecisionStore store)
{
    /// <summary>The tag of transfers.</summary>
    public const int TransferTag = 2;

    /// <summary>Above the float32 noise of the reference, below any real difference.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>The rank that fails on purpose.</summary>
    private const int Unlucky = 2;

    private readonly Findings _findings = new($"tensor {groups.Topology.TensorRank}, expert {groups.Topology.ExpertRank}");

    /// <summary>Loads, is refitted, and is refitted again in vain.</summary>
    /// <param name="trainer">The process that has the new weights.</param>
    public Findings Run(int trainer)
    {
        var engine = RefitGroup.Join(store, "llama4", mpi.Rank, groups.Topology.TensorSize * groups.Topology.ExpertSize, "step-1");
        using var model = AutoModel.FromPretrained<Llama4ForCausalLM>(directory, new PretrainedOptions { Topology = groups.Topology, Load = new LoadOptions { Version = engine.Version } }).Join(groups);
        var experts = model.Model.Layers.Select(layer => layer.Moe).OfType<Llama4Moe>().Select(moe => moe.Experts).OfType<Llama4Experts>().First().Parameters.Held("experts").Length;
        var bytes = model.AllParameters().Sum(item => item.Parameter.Value.numel() * item.Parameter.Value.element_size());
        _findings.Check("loads its slices of the checkpoint, and nothing else", experts is 2 or 3, $"{experts} of 5 experts, {bytes:N0} bytes");
        CheckLogits(model, "logits are those of transformers", directory);

        var plan = ReceivePlan(trainer);
        Refit(model, engine, plan);
        RefuseRefit(model, engine, plan);
        return _findings;
    }

    private void Refit(Llama4ForCausalLM model, RefitGroup engine, TransferPlan plan)
    {
        var before = model.AllParameters().ToDictionary(item => item.Name, item => TensorAddress.Of(item.Parameter.Value));
        using (var refit = engine.BeginRefit(model, "step-2"))
        {
            plan.Run(mpi.Rank, new MpiTransferChannel(mpi.Messages, TransferTag), source: null, refit.Session);
            var report = refit.Commit();
            _findings.Check("all ranks take the trainer's weights", model.Parameters.Version == "step-2" && engine.Version == "step-2", $"{report.Slots} slots");
        }
        _findings.Check("parameters are at their old addresses", model.AllParameters().All(item => before[item.Name] == TensorAddress.Of(item.Parameter.Value)));
        CheckLogits(model, "logits are those of transformers with the new weights", Path.Combine(directory, "refit"));
    }

    private void RefuseRefit(Llama4ForCausalLM model, RefitGroup engine, TransferPlan plan)
    {
        var input = Expected(directory, "input_ids");
        using var before = model.Logits(input);
        using (var refit = engine.BeginRefit(model, "step-3"))
        {
            plan.Run(mpi.Rank, new MpiTransferChannel(mpi.Messages, TransferTag), source: null, refit.Session);
            try
            {
                if (mpi.Rank == Unlucky) refit.Abandon("no memory is left, on purpose");
                refit.Commit();
                _findings.Check("one rank fails, and all abandon the refit and say why", holds: false, "it was committed");
            }
            catch (GroupRefitException refusal)
            {
                _findings.Check("one rank fails, and all abandon the refit and say why", refusal.Message.Contains("no memory is left, on purpose", StringComparison.Ordinal) && refusal.Ranks.SequenceEqual([Unlucky]));
                if (mpi.Rank == 0) Console.WriteLine(refusal.Message);
            }
        }
        using var after = model.Logits(input);
        _findings.Check("logits are the old ones, bit for bit", model.Parameters.Version == "step-2" && before.bytes.SequenceEqual(after.bytes));
    }

    private TransferPlan ReceivePlan(int trainer)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(new Texts(mpi.Messages).Receive(trainer)));
        return TransferPlan.Read(file);
    }

    private void CheckLogits(Llama4ForCausalLM model, string claim, string reference)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var difference = (model.Logits(Expected(reference, "input_ids")) - Expected(reference, "logits")).abs().max().ReadDouble();
        _findings.Check(claim, difference <= Tolerance, $"{difference:E1}");
    }

    private static Tensor Expected(string reference, string name)
    {
        using var file = Checkpoint.Open(Path.Combine(reference, "expected.safetensors"));
        using var view = file.View(file.Tensors[name]);
        return view.clone();
    }
}
