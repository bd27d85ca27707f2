using Lanyard.Checkpoints;
using Lanyard.Models.Llama4;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Demo;

/// <summary>The life of one Llama 4 model: load, post-load, refit, a patch, a broken refit.</summary>
internal sealed class Walkthrough(string directory)
{
    /// <summary>Above the float32 noise of the reference, below any real difference.</summary>
    private const double Tolerance = 1e-4;

    private readonly Screen _screen = new();

    /// <returns>0 if every check held.</returns>
    public int Run()
    {
        var refitDirectory = Path.Combine(directory, "refit");
        foreach (var needed in new[] { Path.Combine(directory, "config.json"), Path.Combine(directory, "expected.safetensors"), Path.Combine(refitDirectory, "expected.safetensors") })
        {
            if (File.Exists(needed)) continue;
            Console.Error.WriteLine($"demo: {needed} is missing; give a checkpoint directory such as tests/fixtures/llama4");
            return 2;
        }

        using var model = Llama4ForCausalLM.FromConfig(directory);
        _screen.Section("The parameter map, generated from the attributes of the classes");
        _screen.Console.Write(MapTable.Of(model, _screen.IsTerminal, wide: _screen.Console.Profile.Width >= 140));

        Load(model);
        Reenact(model, refitDirectory);
        Refit(model, refitDirectory);
        Patch(model, refitDirectory);
        BreakRefit(model, refitDirectory);
        LoadAtOnce();
        _screen.Summary();
        return _screen.AllHeld ? 0 : 1;
    }

    private void Load(Llama4ForCausalLM model)
    {
        _screen.Section("Load");
        using var checkpoint = Checkpoint.Open(directory);
        var plan = LoadPlan.Create(model, checkpoint);
        _screen.Say($"The headers fit the model: {plan.Tensors} tensors fill {plan.Slots} slots.");
        _screen.Progress("Loading", progress => plan.Execute(progress));
        var difference = Difference(model, directory);
        _screen.Check($"logits differ from the reference of transformers by {difference:E1} at most (tolerance {Tolerance:E0})", difference <= Tolerance);
    }

    private void Reenact(Llama4ForCausalLM model, string refitDirectory)
    {
        _screen.Section("vLLM issue 17915, re-enacted: post-load has replaced an expert weight by a padded one");
        var (own, path) = FirstExperts(model);
        using var experts = new PaddedExperts(own.Experts, own.Intermediate, own.Hidden);
        var w2 = experts.Parameters.W2Weight;
        _screen.Say($"constructed: {Describe(w2)}");
        using (var checkpoint = Checkpoint.Open(directory))
            _screen.Say($"post-load:   {string.Join(", ", LoadPlan.Create(experts, checkpoint, below: Below(checkpoint, path)).Execute().PostLoads)}");
        _screen.Say($"now:         {Describe(w2)}");
        _screen.Say($"its loader:  {string.Join("; ", w2.Entry.Sources.Select(source => $"{source.Name} : {source.Pattern}"))}");
        _screen.Check("the tensor was replaced by a padded one", w2.Value.shape[^1] > w2.ModelShape[^1]);
        _screen.Check("the new tensor still has its loader", ReferenceEquals(w2.Entry, PaddedExperts.Map.W2Weight) && w2.Entry.Sources.Length > 0);
        _screen.Check($"and the loader knows that the tensor is in the {w2.Layout.ToString().ToLowerInvariant()} layout, made by {w2.MadeBy}", w2 is { Layout: ParameterLayout.Kernel, MadeBy: "PadForKernel" });
        _screen.Check("the model declares the same padding as a layout, and has the same bits", w2.Value.bytes.SequenceEqual(own.Parameters.W2Weight.Value.bytes));

        var (address, before) = (TensorAddress.Of(w2.Value), w2.Value.bytes.ToArray());
        using var trainer = Checkpoint.Open(refitDirectory);
        using var refit = experts.BeginRefit(RefitMode.Staged);
        refit.Write(trainer, Below(trainer, path));
        _screen.Say($"refit, after which post-load ran again: {string.Join(", ", refit.Commit().PostLoads)}");
        _screen.Check("the new weights are padded, at the old storage address", TensorAddress.Of(w2.Value) == address && !w2.Value.bytes.SequenceEqual(before));
    }

    private void Refit(Llama4ForCausalLM model, string refitDirectory)
    {
        _screen.Section("Refit: the next weights of the trainer");
        var before = Addresses(model);
        using (var trainer = Checkpoint.Open(refitDirectory))
        using (var refit = model.BeginRefit(RefitMode.Staged))
        {
            foreach (var (name, tensor) in trainer.Tensors)
            {
                using var value = trainer.View(tensor);
                refit.Write(name, value);
            }
            var report = refit.Commit();
            _screen.Say($"{report.Slots} slots of {report.Tensors} tensors written, {report.Bytes:N0} bytes");
        }
        var difference = Difference(model, refitDirectory);
        _screen.Check($"logits differ from the second reference by {difference:E1} at most", difference <= Tolerance);
        var moved = Addresses(model).Count(now => before[now.Key] != now.Value);
        _screen.Check($"{before.Count - moved} of {before.Count} parameters are at their old storage addresses", moved == 0);
    }

    private void Patch(Llama4ForCausalLM model, string refitDirectory)
    {
        _screen.Section("A patch: one element of an expert, straight into the padded layout");
        var (own, path) = FirstExperts(model);
        var w2 = own.Parameters.W2Weight;
        using var value = w2.Value.alias();
        var was = value[0, 1, 0].ReadDouble();
        double next = (float)(was + 1);
        using (var trainer = Checkpoint.Open(refitDirectory))
        using (var refit = model.BeginRefit(RefitMode.InPlace, RefitScope.Subset))
        {
            var below = Below(trainer, path);
            var isFused = trainer.Tensors.ContainsKey(below + "down_proj");
            refit.Patch(below + (isFused ? "down_proj" : "0.down_proj.weight"), torch.tensor(new[] { isFused ? 1L : own.Intermediate }), torch.tensor(new[] { (float)next }));
            refit.Commit();
        }
        _screen.Check($"{w2} has {next} where it had {was}", value[0, 1, 0].ReadDouble() == next);
        using (var trainer = Checkpoint.Open(refitDirectory))
        using (var refit = model.BeginRefit())
        {
            refit.Write(trainer);
            refit.Commit();
        }
        _screen.Check("and after a refit what the trainer has", value[0, 1, 0].ReadDouble() == was);
    }

    private void BreakRefit(Llama4ForCausalLM model, string refitDirectory)
    {
        _screen.Section("A broken refit: one expert missing, one tensor of a wrong but broadcastable shape, one unknown name");
        using var input = Expected(refitDirectory, "input_ids");
        using var before = model.Logits(input);
        LoadException? error = null;
        using (var trainer = Checkpoint.Open(refitDirectory))
        using (var scope = NewDisposeScope())
        using (var refit = model.BeginRefit(RefitMode.Staged))
        {
            foreach (var (name, value) in ExpertByExpert(trainer))
            {
                if (name.EndsWith("layers.1.feed_forward.experts.3.down_proj.weight", StringComparison.Ordinal)) continue;
                refit.Write(name, name.EndsWith("model.norm.weight", StringComparison.Ordinal) ? value[..1] : value);
            }
            refit.Write("model.layers.1.feed_forward.router.wieght", torch.zeros(1));
            try
            {
                refit.Commit();
            }
            catch (LoadException wrong)
            {
                error = wrong;
            }
        }
        _screen.Say(error?.Message ?? "no error");
        _screen.Check("one error lists all three", error is { Problems.Length: 3 } && error.Problems.Select(problem => problem.Kind).ToHashSet().SetEquals([LoadProblemKind.Missing, LoadProblemKind.WrongShape, LoadProblemKind.Unexpected]));
        using var after = model.Logits(input);
        _screen.Check("logits are the old ones, bit for bit", before.bytes.SequenceEqual(after.bytes));
    }

    private void LoadAtOnce()
    {
        _screen.Section("The same without saying what it is: AutoModel.FromPretrained(directory)");
        using var model = AutoModel.FromPretrained(directory);
        _screen.Check($"config.json names {model.GetType().Name}, and its logits are those of the reference", Difference(model, directory) <= Tolerance);
    }

    /// <summary>The trainer's tensors with the routed experts sent one by one, as another trainer would.</summary>
    private static IEnumerable<(string Name, Tensor Value)> ExpertByExpert(Checkpoint checkpoint)
    {
        foreach (var (name, entry) in checkpoint.Tensors)
        {
            var value = checkpoint.View(entry);
            if (name.EndsWith("experts.down_proj", StringComparison.Ordinal))
            {
                for (var e = 0; e < value.shape[0]; e++) yield return (Expert(name, e, "down_proj"), value[e].t());
            }
            else if (name.EndsWith("experts.gate_up_proj", StringComparison.Ordinal))
            {
                for (var e = 0; e < value.shape[0]; e++)
                {
                    var halves = value[e].t().chunk(2, dim: 0);
                    yield return (Expert(name, e, "gate_proj"), halves[0]);
                    yield return (Expert(name, e, "up_proj"), halves[1]);
                }
            }
            else
            {
                yield return (name, value);
            }
        }
    }

    private static string Expert(string fused, int expert, string projection) => $"{fused[..(fused.LastIndexOf('.') + 1)]}{expert}.{projection}.weight";

    /// <summary>The first routed experts, and their path in the checkpoint.</summary>
    private static (Llama4Experts Experts, string Path) FirstExperts(Llama4ForCausalLM model)
    {
        var experts = (Llama4Experts)model.Model.Layers.Select(layer => layer.Moe).OfType<Llama4Moe>().First().Experts;
        var name = model.AllParameters().First(item => ReferenceEquals(item.Parameter, experts.Parameters.W2Weight)).Name;
        return (experts, name[..^experts.Parameters.W2Weight.Entry.Name.Length]);
    }

    /// <summary>What stands before the names of a path in a checkpoint: that of a whole model has a prefix before it.</summary>
    private static string Below(Checkpoint checkpoint, string path)
    {
        var name = checkpoint.Tensors.Keys.First(name => name.Contains(path, StringComparison.Ordinal));
        return name[..(name.IndexOf(path, StringComparison.Ordinal) + path.Length)];
    }

    private static Dictionary<string, nint> Addresses(Llama4ForCausalLM model) =>
        model.AllParameters().ToDictionary(item => item.Name, item => TensorAddress.Of(item.Parameter.Value));

    // Before the load there are no values, but a shape.
    private static string Describe(BoundParameter parameter) =>
        $"{parameter} [{string.Join(", ", parameter.Owner.State == ModelState.Loaded ? parameter.Value.shape : parameter.ModelShape.AsEnumerable())}], {parameter.Layout.ToString().ToLowerInvariant()} layout{(parameter.MadeBy is null ? $" \"{parameter.Entry.Pattern}\"" : $" made by {parameter.MadeBy}")}";

    private static double Difference(ICausalLM model, string reference)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return (model.Logits(Expected(reference, "input_ids")) - Expected(reference, "logits")).abs().max().ReadDouble();
    }

    private static Tensor Expected(string reference, string name)
    {
        using var file = Checkpoint.Open(Path.Combine(reference, "expected.safetensors"));
        using var view = file.View(file.Tensors[name]);
        return view.clone();
    }
}
