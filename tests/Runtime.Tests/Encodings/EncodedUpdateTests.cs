using System.Text;
using Lanyard.Checkpoints;
using Lanyard.Published;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Encodings;

/// <summary>Codes and what stands beside them, however they come: together or apart, from many threads, wrong, or of two forms of one parameter.</summary>
public sealed class EncodedUpdateTests : IDisposable
{
    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(nameof(Int8), "p.weight")]
    [InlineData(nameof(LlmInt8), "p.weight")]
    [InlineData(nameof(Int8Zero), "p.weight_zero_point")]
    public void Bytes_without_a_sign_are_no_integers_with_one(string form, string unsigned)
    {
        using var model = new FormMatrix(null, 4, 4, ScalarType.Float32);
        var tensors = new Dictionary<string, Tensor> { ["p.weight"] = torch.full(4, 4, 100, dtype: ScalarType.Int8), [form == nameof(LlmInt8) ? "p.SCB" : "p.weight_scale"] = torch.ones(4) };
        if (form == nameof(Int8Zero)) tensors["p.weight_zero_point"] = torch.zeros(4, dtype: ScalarType.Int8);
        _files.Load(model, tensors, new LoadOptions { Format = form });

        tensors[unsigned] = tensors[unsigned].to_type(ScalarType.Byte);
        var problem = Assert.Single(_files.Refused(model, tensors, new LoadOptions { Format = form }));
        Assert.Equal((LoadProblemKind.WrongType, unsigned, "U8"), (problem.Kind, problem.Tensor, problem.Found));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(40)]
    public void Each_expert_has_its_own_numbers_of_groups_even_of_one_row(int rows)
    {
        using var model = new GroupedExperts(3, rows, 8);
        var groups = (rows + 31) / 32;
        var tensors = Grouped(3, rows, 8);
        tensors["p.scales"] = torch.arange(1, 1 + (3 * groups), dtype: ScalarType.Float32).view(3, groups, 1).expand(3, groups, 8).contiguous();
        tensors["p.g_idx"] = torch.arange(0, rows).fmod(groups).expand(3, rows).contiguous().to_type(ScalarType.Int32);
        _files.Load(model, tensors);
        Bits.Are(model.Weight, i => 5 * (1 + (i[0] * groups) + (i[2] % groups)));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("nested", false)]
    [InlineData("nested", true)]
    public void What_one_form_reads_may_stand_beside_another_that_leaves_it_alone(string format, bool reversed)
    {
        using var model = new NestedForms(8, 16);
        var tensors = (reversed ? Nf4(format).Reverse() : Nf4(format)).ToList();
        var options = new LoadOptions { Format = format };
        _files.Load(model, tensors, options);
        var expected = Bits.Of(model.Weight);
        Assert.Equal(format == "" ? 2f : 1.5f * 2, model.Weight[0, 0].item<float>());

        using var refit = model.BeginRefit(RefitMode.InPlace, options: options);
        foreach (var (name, tensor) in tensors) refit.Write(name, tensor);
        refit.Commit();
        Assert.Equal(expected, Bits.Of(model.Weight));
    }

    [Fact]
    public void What_a_form_needs_is_missed_where_the_other_leaves_it_alone()
    {
        using var model = new NestedForms(8, 16);
        var tensors = Nf4("nested");
        tensors.Remove("p.weight.quant_state.bitsandbytes__nf4");
        Assert.Equal((LoadProblemKind.Missing, "p.weight.quant_state.bitsandbytes__nf4"), _files.Refused(model, tensors, new LoadOptions { Format = "nested" }).Select(problem => (problem.Kind, problem.Tensor)).Single());
        Assert.Equal((LoadProblemKind.Missing, "p.weight.quant_state.bitsandbytes__nf4"), _files.Refused(model, tensors).Select(problem => (problem.Kind, problem.Tensor)).Single());

        // Nobody needs to name the form of which all is there.
        _files.Load(model, Nf4(""));
        Assert.Equal(2f, model.Weight[0, 0].item<float>());
    }

    [Fact]
    public void A_tensor_in_the_memory_that_it_is_decoded_into_is_copied_first()
    {
        using var model = new GroupedExperts(1, 600, 320);
        var tensors = Grouped(1, 600, 320);
        tensors["minus_one"] = torch.arange(0, 192000, dtype: ScalarType.Float32).view(600, 320);
        _files.Load(model, tensors);
        using var given = model.MinusOne.detach().view(600, 320);
        var expected = Bits.Of((given + 1).t().contiguous());
        using var refit = model.BeginRefit(RefitMode.InPlace, RefitScope.Subset);
        refit.Write("minus_one", given);
        refit.Commit();
        Assert.Equal(expected, Bits.Of(model.MinusOne));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_refit_of_what_cannot_be_decoded_is_not_committed_and_leaves_the_old_weights(int how)
    {
        using var model = new GroupedExperts(1, 64, 8);
        _files.Load(model, Grouped(1, 64, 8));
        var old = Bits.Of(model.Weight);
        var wrong = Grouped(1, 64, 8, code: 6);
        wrong["p.g_idx"].fill_(7);
        using var refit = model.BeginRefit(RefitMode.Staged);
        var error = Assert.Throws<CheckpointException>(() =>
        {
            if (how == 0) refit.Write(wrong);
            else if (how == 1) refit.Write(_files.Stored(wrong));
            else foreach (var (name, tensor) in wrong) refit.Write(name, tensor);
        });
        Assert.Contains("p.qweight: it cannot be decoded, or what stands beside it: the number of a block is 7, and there are 2", error.Message, StringComparison.Ordinal);
        Assert.Equal(how == 1, error.FileName.EndsWith(".safetensors", StringComparison.Ordinal));
        if (how == 2) refit.Write("minus_one", wrong["minus_one"]);
        Assert.Throws<ModelStateException>(() => refit.Commit());
        Assert.Equal(old, Bits.Of(model.Weight));
    }

    [Theory]
    [InlineData("p.scales")]
    [InlineData("p.g_idx")]
    [InlineData("p.qweight")]
    public void In_place_what_lacks_is_named_and_the_model_is_torn_only_where_something_was_written(string lacking)
    {
        using var model = new GroupedExperts(1, 64, 8);
        var tensors = Grouped(1, 64, 8);
        _files.Load(model, tensors);
        foreach (var other in new[] { false, true })
        {
            using var refit = model.BeginRefit(RefitMode.InPlace, RefitScope.Subset);
            foreach (var (name, tensor) in tensors.Where(item => item.Key != lacking && (other || item.Key != "minus_one"))) refit.Write(name, tensor);
            var problem = Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems);
            Assert.Equal((LoadProblemKind.Missing, lacking), (problem.Kind, problem.Tensor));
            Assert.Equal(other ? ModelState.Torn : ModelState.Loaded, model.Parameters.State);
        }
    }

    [Fact]
    public void Each_tensor_may_come_from_a_checkpoint_that_is_closed_before_the_next()
    {
        using var model = new GroupedExperts(1, 64, 8);
        _files.Load(model, Grouped(1, 64, 8));
        using var refit = model.BeginRefit(RefitMode.Staged);
        foreach (var tensor in Grouped(1, 64, 8, code: 6))
        {
            var stored = _files.Stored([tensor]);
            refit.Write(stored);
            stored.Dispose();
        }
        refit.Commit();
        Bits.Are(model.Weight, _ => 6);
    }

    [Fact]
    public void Tensors_come_from_many_threads_and_change_after_the_call()
    {
        using var model = new FormParts(null, fused: true);
        using EncodingCase qkv = new("fused-qkv-nvfp4"), gateUp = new("fused-gate-up-int4"), ngram = new("fp8-named-shards");
        var tensors = new[] { qkv, gateUp, ngram }.SelectMany(stored => stored.Stored("")).Select(pair => (Name: pair.Key.TrimStart('.'), pair.Value)).ToArray();
        _files.Load(model, tensors.ToDictionary(item => item.Name, item => item.Value));
        var expected = model.parameters().Select(Bits.Of).ToArray();
        var random = new Random(1);
        for (var i = 0; i < 50; i++)
        {
            using (torch.no_grad()) foreach (var parameter in model.parameters()) parameter.zero_();
            using var refit = model.BeginRefit(i % 2 == 0 ? RefitMode.InPlace : RefitMode.Staged);
            random.Shuffle(tensors);
            Parallel.ForEach(tensors, new ParallelOptions { MaxDegreeOfParallelism = 8 }, item =>
            {
                using var own = item.Value.clone();
                refit.Write(item.Name, own);
                own.zero_();
            });
            refit.Commit();
            Assert.Equal(expected, model.parameters().Select(Bits.Of));
        }
    }

    private static Dictionary<string, Tensor> Grouped(int experts, int rows, int columns, int code = 5) => new()
    {
        ["p.qweight"] = torch.full(experts, (rows + 7) / 8, columns, 0x11111111 * code, dtype: ScalarType.Int32),
        ["p.scales"] = torch.ones(experts, (rows + 31) / 32, columns),
        ["p.qzeros"] = torch.zeros(experts, (rows + 31) / 32, (columns + 7) / 8, dtype: ScalarType.Int32),
        ["p.g_idx"] = torch.zeros(experts, rows, dtype: ScalarType.Int32),
        ["minus_one"] = torch.zeros(rows, columns),
    };

    private static Dictionary<string, Tensor> Nf4(string format)
    {
        var tensors = new Dictionary<string, Tensor>
        {
            ["p.weight"] = torch.full(64, 1, 0x21, dtype: ScalarType.Byte),
            ["p.weight.quant_map"] = torch.arange(0, 16, dtype: ScalarType.Float32),
            ["p.weight.absmax"] = format == "nested" ? torch.ones(2, dtype: ScalarType.Byte) : torch.ones(2),
            ["p.weight.quant_state.bitsandbytes__nf4"] = torch.tensor(Encoding.UTF8.GetBytes("{\"nested_offset\": 0.5}")),
            ["q.weight"] = torch.ones(8, 16, dtype: ScalarType.Int8),
            ["q.weight_scale"] = torch.ones(1),
            ["q.input_scale"] = torch.ones(1),
        };
        if (format != "nested") return tensors;
        tensors["p.weight.nested_absmax"] = torch.ones(1);
        tensors["p.weight.nested_quant_map"] = torch.arange(0, 256, dtype: ScalarType.Float32);
        return tensors;
    }
}
