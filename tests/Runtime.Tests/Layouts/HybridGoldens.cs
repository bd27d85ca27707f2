namespace Lanyard.Tests.Layouts;

/// <summary>Which declaration answers for each case of the fixture of hybrid layers, and with which sizes.</summary>
internal static class HybridGoldens
{
    public static IReadOnlyList<HybridCase> All { get; } =
    [
        .. Mixer(16, 2, 4, 3, 5, 4), .. Mixer(16, 2, 1, 3, 5, 4), .. Mixer(15, 2, 5, 3, 7, 3), .. Mixer(15, 3, 1, 2, 7, 3), .. Mixer(16, 2, 2, 3, 5, 4), .. Mixer(15, 2, 3, 3, 5, 4),
        new("mamba2-16-4.in_proj.bias", HybridLoaders.MixerInBias, "heads = 16, dim = 2, groups = 4, state = 3"),
        new("mamba2-16-4.out_proj.bias", HybridLoaders.Vector, "out = 5", "out_proj.bias"),
        .. Deltas("qwen3-next-4-8-8-2"), .. Deltas("qwen3.5-4-8-8-2"),
        new("qwen3-next-4-8-8-2.in_proj_qkvz.weight", HybridLoaders.DeltaInterleaved, "k_heads = 4, group = 2, k_dim = 3, v_dim = 5, hidden = 10"),
        new("qwen3-next-4-8-8-2.in_proj_ba.weight", HybridLoaders.DeltaInterleavedGates, "k_heads = 4, group = 2, hidden = 10"),
        new("qwen3-next-4-8-8-2.shared_expert.gate_up_proj.weight", Loaders.Merged, "inter = 12, hidden = 10", "{proj}_proj.weight"),
        new("qwen3-next-4-8-8-2.shared_expert_gate.weight", HybridLoaders.Row, "hidden = 10"),
        new("qwen3.5-4-8-8-2.in_proj_qkvz.weight", HybridLoaders.DeltaMerged, "k_heads = 4, group = 2, k_dim = 3, v_dim = 5, hidden = 10"),
        new("qwen3.5-4-8-8-2.in_proj_ba.weight", HybridLoaders.DeltaMergedGates, "k_heads = 4, group = 2, hidden = 10"),
        new("qwen3.5-4-8-8-2.experts.w13", HybridLoaders.Fused, "experts = 4, inter = 12, hidden = 10"),
        new("qwen3.5-4-8-8-2.experts.w2", HybridLoaders.FusedDown, "experts = 4, inter = 12, hidden = 10"),
        .. Latent(), .. GptOss(), .. Gemma(), .. Minimax(),
        new("nemotron-experts.w13", HybridLoaders.Ungated, "experts = 4, inter = 12, hidden = 10"),
        new("nemotron-experts.w2", HybridLoaders.EachDown, "experts = 4, inter = 12, hidden = 10"),
        .. Placed("ep-7", 7), .. Placed("eplb-6-2", 6), .. Placed("eplb-6-3", 6),
        .. Fp8(), .. Nvfp4(), .. Int4("", 0), .. Int4("-zero", 1), .. GptqAndAwq(),
    ];

    private static IEnumerable<HybridCase> Mixer(int heads, int dim, int groups, int state, int hidden, int kernel)
    {
        var name = $"mamba2-{heads}-{groups}";
        var mixed = $"heads = {heads}, dim = {dim}, groups = {groups}, state = {state}";
        yield return new($"{name}.in_proj.weight", HybridLoaders.MixerIn, $"{mixed}, hidden = {hidden}");
        yield return new($"{name}.conv1d.weight", HybridLoaders.MixerConvolution, $"{mixed}, kernel = {kernel}");
        yield return new($"{name}.conv1d.bias", HybridLoaders.MixerConvolutionBias, mixed);
        yield return new($"{name}.A", HybridLoaders.PerHead, $"heads = {heads}", "A_log");
        yield return new($"{name}.D", HybridLoaders.PerHead, $"heads = {heads}", "D");
        yield return new($"{name}.dt_bias", HybridLoaders.PerHead, $"heads = {heads}");
        yield return new($"{name}.norm.weight", HybridLoaders.HeadNorm, $"heads = {heads}, dim = {dim}");
        yield return new($"{name}.out_proj.weight", HybridLoaders.HeadOut, $"heads = {heads}, dim = {dim}, hidden = {hidden}", "out_proj.weight");
    }

    private static IEnumerable<HybridCase> Deltas(string name)
    {
        yield return new($"{name}.conv1d.weight", HybridLoaders.DeltaConvolution, "k_heads = 4, group = 2, k_dim = 3, v_dim = 5, kernel = 4");
        yield return new($"{name}.A_log", HybridLoaders.DeltaPerHead, "k_heads = 4, group = 2");
        yield return new($"{name}.dt_bias", HybridLoaders.DeltaPerHead, "k_heads = 4, group = 2", "dt_bias");
        yield return new($"{name}.norm.weight", HybridLoaders.Vector, "out = 5");
        yield return new($"{name}.out_proj.weight", HybridLoaders.DeltaOut, "k_heads = 4, group = 2, v_dim = 5, hidden = 10");
        yield return new($"{name}.qkv_proj.weight", HybridLoaders.GatedQueries, "heads = 8, kv = 2, dim = 6, hidden = 10");
        yield return new($"{name}.o_proj.weight", HybridLoaders.HeadOut, "heads = 8, dim = 6, hidden = 10");
        yield return new($"{name}.q_norm.weight", HybridLoaders.Vector, "out = 6", "q_norm.weight");
    }

    private static IEnumerable<HybridCase> Latent()
    {
        yield return new("mla-8.q_b_proj.weight", HybridLoaders.LatentUp, "heads = 8, nope = 6, other = 4, rank = 12", "q_b_proj.weight");
        yield return new("mla-8.kv_b_proj.weight", HybridLoaders.LatentUp, "heads = 8, nope = 6, other = 5, rank = 9");
        yield return new("mla-8.o_proj.weight", HybridLoaders.HeadOut, "heads = 8, dim = 5, hidden = 10");
        yield return new("mla-8.q_a_layernorm.weight", HybridLoaders.Vector, "out = 12", "q_a_layernorm.weight");
        yield return new("mla-8.kv_a_layernorm.weight", HybridLoaders.Vector, "out = 9", "kv_a_layernorm.weight");
        yield return new("mla-8.indexer.wq_b.weight", HybridLoaders.Matrix, "out = 32, in = 12", "wq_b.weight");
        yield return new("mla-8.indexer.k_norm.weight", HybridLoaders.Vector, "out = 8", "k_norm.weight");
        yield return new("mla-8.indexer.k_norm.bias", HybridLoaders.Vector, "out = 8", "k_norm.bias");
        yield return new("mla-8.fused_qkv_a_proj.weight", HybridLoaders.LatentDown, "q_rank = 12, kv_rank = 9, rope = 4, hidden = 10");
        yield return new("mla-8.indexer.wk_weights_proj.weight", HybridLoaders.LatentIndexer, "index_dim = 8, index_heads = 4, hidden = 10");
    }

    private static IEnumerable<HybridCase> GptOss()
    {
        const string experts = "experts = 3, inter = 24, hidden = 10", units = "experts = 2, inter = 96, hidden_blocks = 1, bytes = 16", down = "experts = 2, hidden = 32, blocks = 3, bytes = 16", placed = "experts = 4, inter = 12, hidden = 10";
        yield return new("gpt-oss.sinks", HybridLoaders.PerHead, "heads = 8", "sinks");
        yield return new("gpt-oss.o_proj.weight", HybridLoaders.HeadOut, "heads = 8, dim = 6, hidden = 10");
        yield return new("gpt-oss.o_proj.bias", HybridLoaders.Vector, "out = 10", "o_proj.bias");
        yield return new("gpt-oss.qkv_proj.weight", HybridLoaders.Queries, "heads = 8, kv = 4, dim = 6, hidden = 10", "_proj.weight");
        yield return new("gpt-oss.qkv_proj.bias", HybridLoaders.QueryBias, "heads = 8, kv = 4, dim = 6", "_proj.bias");
        yield return new("gpt-oss.w13.weight", HybridLoaders.Interleaved, experts);
        yield return new("gpt-oss.w13.bias", HybridLoaders.InterleavedBias, experts);
        yield return new("gpt-oss.w2.weight", HybridLoaders.TransposedDown, experts);
        yield return new("gpt-oss.w2.bias", HybridLoaders.FirstRankBias, "experts = 3, hidden = 10");
        yield return new("gpt-oss-mxfp4.w13.weight", HybridLoaders.UnitCodes, units);
        yield return new("gpt-oss-mxfp4.w13.weight_scale", HybridLoaders.UnitScales, units);
        yield return new("gpt-oss-mxfp4.w13.bias", HybridLoaders.UnitBias, units);
        yield return new("gpt-oss-mxfp4.w2.weight", HybridLoaders.UnitDownCodes, down);
        yield return new("gpt-oss-mxfp4.w2.weight_scale", HybridLoaders.UnitDownScales, down);
        yield return new("gpt-oss-mxfp4.w2.bias", HybridLoaders.FirstRankBias, "experts = 2, hidden = 32");
        yield return new("gpt-oss-ep.w13.weight", HybridLoaders.PlacedInterleaved, placed);
        yield return new("gpt-oss-ep.w13.bias", HybridLoaders.PlacedInterleavedBias, placed);
        yield return new("gpt-oss-ep.w2.weight", HybridLoaders.PlacedTransposedDown, placed);
        yield return new("gpt-oss-ep.w2.bias", HybridLoaders.PlacedDownBias, placed);
    }

    private static IEnumerable<HybridCase> Gemma()
    {
        yield return new("gemma4.window.qkv_proj.weight", HybridLoaders.Queries, "heads = 8, kv = 4, dim = 6, hidden = 10", "_proj.weight");
        yield return new("gemma4.full.qkv_proj.weight", HybridLoaders.KeysAsValues, "heads = 8, kv = 2, dim = 10, hidden = 10");
        yield return new("gemma4.embed_tokens_per_layer.weight", HybridLoaders.LayerEmbedding, "vocab = 64, layers = 4, dim = 8");
        yield return new("gemma4.per_layer_model_projection.weight", Loaders.Column, "out = 32, in = 10", "per_layer_model_projection.weight");
        yield return new("gemma4.per_layer_input_gate.weight", HybridLoaders.Matrix, "out = 8, in = 10", "per_layer_input_gate.weight");
        yield return new("gemma4.per_layer_projection.weight", HybridLoaders.Matrix, "out = 10, in = 8", "per_layer_projection.weight");
        yield return new("gemma4.experts.w13", HybridLoaders.Fused, "experts = 3, inter = 12, hidden = 10");
        yield return new("gemma4.experts.w2", HybridLoaders.FusedDown, "experts = 3, inter = 12, hidden = 10");
    }

    private static IEnumerable<HybridCase> Minimax()
    {
        yield return new("minimax-m2-8-2.qkv_proj.weight", HybridLoaders.Queries, "heads = 8, kv = 2, dim = 6, hidden = 10", "_proj.weight");
        yield return new("minimax-m2-8-2.q_norm.weight", HybridLoaders.HeadNorm, "heads = 8, dim = 6", "q_norm.weight");
        yield return new("minimax-m2-8-2.k_norm.weight", HybridLoaders.KeyNorm, "heads = 8, kv = 2, dim = 6");
        yield return new("minimax-m2-8-2.w13", HybridLoaders.MinimaxEach, "experts = 4, inter = 12, hidden = 10");
        yield return new("minimax-m2-8-2.w2", HybridLoaders.MinimaxDown, "experts = 4, inter = 12, hidden = 10");
    }

    private static IEnumerable<HybridCase> Placed(string name, int experts)
    {
        yield return new($"{name}.w13", HybridLoaders.PlacedEach, $"experts = {experts}, inter = 6, hidden = 4");
        yield return new($"{name}.w2", HybridLoaders.PlacedEachDown, $"experts = {experts}, inter = 6, hidden = 4");
    }

    private static IEnumerable<HybridCase> Fp8()
    {
        const string merged = "gate = 8, up = 16", queries = "heads = 4, kv = 2, dim = 8", four = "q = 16, k = 16, v = 32, z = 32", experts = "experts = 4, inter = 16";
        yield return new("fp8-column.weight", Loaders.Column, "out = 24, in = 10", "proj.weight");
        yield return new("fp8-column.weight_scale_inv", HybridLoaders.ColumnScales, "out = 24, out_blocks = 6, all_in = 3");
        yield return new("fp8-row.weight", Loaders.Row, "out = 10, in = 24", "proj.weight");
        yield return new("fp8-row.weight_scale_inv", HybridLoaders.RowScales, "all_out = 3, in = 24, in_blocks = 6");
        yield return new("fp8-merged.weight", HybridLoaders.MergedRows, $"{merged}, hidden = 10", ".weight");
        yield return new("fp8-merged.weight_scale_inv", HybridLoaders.MergedScales, $"{merged}, gate_blocks = 2, up_blocks = 4, all_blocks = 3");
        yield return new("fp8-merged-replicated.weight", HybridLoaders.WholeRows, "a = 8, b = 7, hidden = 10");
        yield return new("fp8-merged-replicated.weight_scale_inv", HybridLoaders.WholeScales, "a = 8, b = 7, hidden = 10");
        yield return new("fp8-qkv.weight", HybridLoaders.Queries, $"{queries}, hidden = 10", ".weight");
        yield return new("fp8-qkv.weight_scale_inv", HybridLoaders.QueryScales, $"{queries}, q_blocks = 8, kv_blocks = 4, hidden = 3");
        yield return new("fp8-qkvz.weight", HybridLoaders.FourParts, $"{four}, hidden = 10");
        yield return new("fp8-qkvz.weight_scale_inv", HybridLoaders.FourPartScales, $"{four}, q_blocks = 4, k_blocks = 4, v_blocks = 8, z_blocks = 8, hidden = 3");
        yield return new("fp8-tensor-merged.weight", HybridLoaders.MergedRows, $"{merged}, hidden = 10", ".weight");
        yield return new("fp8-tensor-merged.weight_scale", HybridLoaders.TwoScalars, "");
        yield return new("fp8-tensor-merged.input_scale", HybridLoaders.TwoScalars, "", "{proj}.input_scale");
        yield return new("fp8-tensor-qkv.weight", HybridLoaders.Queries, $"{queries}, hidden = 10", ".weight");
        yield return new("fp8-tensor-qkv.weight_scale", HybridLoaders.ThreeScalars, "");
        yield return new("fp8-tensor-qkv.input_scale", HybridLoaders.ThreeScalars, "", "{proj}.input_scale");
        yield return new("fp8-tensor-merged-fused.weight", HybridLoaders.MergedFused, $"{merged}, hidden = 10");
        yield return new("fp8-tensor-merged-fused.weight_scale", HybridLoaders.SharedScalar, "");
        yield return new("fp8-experts.w13.weight", HybridLoaders.Each, $"{experts}, hidden = 10");
        yield return new("fp8-experts.w13.weight_scale_inv", HybridLoaders.ExpertScales, $"{experts}, inter_blocks = 4, hidden = 3");
        yield return new("fp8-experts.w2.weight", HybridLoaders.EachDown, $"{experts}, hidden = 10");
        yield return new("fp8-experts.w2.weight_scale_inv", HybridLoaders.ExpertDownScales, $"{experts}, inter_blocks = 4, hidden = 3");
    }

    private static IEnumerable<HybridCase> Nvfp4()
    {
        const string merged = "gate = 8, up = 12", queries = "heads = 4, kv = 2, dim = 8", experts = "experts = 4, inter = 64";
        yield return new("nvfp4-row.weight", HybridLoaders.RowCodes, "out = 8, in = 64, in_bytes = 32");
        yield return new("nvfp4-row.weight_scale", HybridLoaders.RowGroups, "out = 8, in = 64, in_groups = 4");
        yield return new("nvfp4-row.weight_scale_2", HybridLoaders.OneScalar, "");
        yield return new("nvfp4-row.input_scale", HybridLoaders.OneScalar, "", "proj.input_scale");
        yield return new("nvfp4-merged.weight", HybridLoaders.MergedRows, $"{merged}, hidden = 16", ".weight");
        yield return new("nvfp4-merged.weight_scale", HybridLoaders.MergedRows, $"{merged}, hidden = 2", ".weight_scale");
        yield return new("nvfp4-merged.weight_scale_2", HybridLoaders.TwoScalars, "", "{proj}.weight_scale_2");
        yield return new("nvfp4-merged.input_scale", HybridLoaders.TwoScalars, "", "{proj}.input_scale");
        yield return new("nvfp4-qkv.weight", HybridLoaders.Queries, $"{queries}, hidden = 16", ".weight");
        yield return new("nvfp4-qkv.weight_scale", HybridLoaders.Queries, $"{queries}, hidden = 2", ".weight_scale");
        yield return new("nvfp4-qkv.weight_scale_2", HybridLoaders.ThreeScalars, "", "{proj}.weight_scale_2");
        yield return new("nvfp4-qkv.input_scale", HybridLoaders.ThreeScalars, "", "{proj}.input_scale");
        yield return new("nvfp4-packed-qkv.weight_packed", HybridLoaders.Queries, $"{queries}, hidden = 16", ".weight_packed");
        yield return new("nvfp4-packed-qkv.weight_scale", HybridLoaders.Queries, $"{queries}, hidden = 2", ".weight_scale");
        yield return new("nvfp4-packed-qkv.weight_global_scale", HybridLoaders.ThreeOnes, "");
        yield return new("nvfp4-packed-qkv.input_global_scale", HybridLoaders.ThreeOnes, "", "{proj}.input_global_scale");
        yield return new("nvfp4-experts.w13.weight", HybridLoaders.Each, $"{experts}, hidden = 16");
        yield return new("nvfp4-experts.w13.weight_scale", HybridLoaders.Each, $"{experts}, hidden = 2", "experts.{experts}.{proj}_proj.weight_scale");
        yield return new("nvfp4-experts.w13.weight_scale_2", HybridLoaders.ExpertScalars, "experts = 4");
        yield return new("nvfp4-experts.w13.input_scale", HybridLoaders.ExpertScalars, "experts = 4", "experts.{experts}.{proj}_proj.input_scale");
        yield return new("nvfp4-experts.w2.weight", HybridLoaders.ExpertDownCodes, $"{experts}, hidden = 32, inter_bytes = 32");
        yield return new("nvfp4-experts.w2.weight_scale", HybridLoaders.ExpertDownGroups, $"{experts}, hidden = 32, inter_groups = 4");
        yield return new("nvfp4-experts.w2.weight_scale_2", HybridLoaders.ExpertDownScalars, "experts = 4");
        yield return new("nvfp4-experts.w2.input_scale", HybridLoaders.ExpertDownScalars, "experts = 4", "experts.{experts}.down_proj.input_scale");
    }

    private static IEnumerable<HybridCase> Int4(string tail, int zeros)
    {
        const string merged = "gate = 32, up = 64", queries = "heads = 8, kv = 2, dim = 8";
        foreach (var (name, columns) in new[] { ("int4-row", 64), ("int4-row-odd", 48) })
        {
            yield return new($"{name}{tail}.weight_packed", HybridLoaders.RowWords, $"out = 32, in = {columns}, in_words = {columns / 8}");
            yield return new($"{name}{tail}.weight_scale", HybridLoaders.RowGroups, $"out = 32, in = {columns}, in_groups = {columns / 16}");
            if (zeros > 0) yield return new($"{name}{tail}.weight_zero_point", HybridLoaders.RowZeros, $"out = 4, in = {columns}, in_groups = {columns / 16}");
        }
        yield return new($"int4-merged{tail}.weight_packed", HybridLoaders.MergedRows, $"{merged}, hidden = 6", ".weight_packed");
        yield return new($"int4-merged{tail}.weight_scale", HybridLoaders.MergedRows, $"{merged}, hidden = 3", ".weight_scale");
        yield return new($"int4-qkv{tail}.weight_packed", HybridLoaders.Queries, $"{queries}, hidden = 6", ".weight_packed");
        yield return new($"int4-qkv{tail}.weight_scale", HybridLoaders.Queries, $"{queries}, hidden = 3", ".weight_scale");
        if (zeros == 0) yield break;
        yield return new($"int4-merged{tail}.weight_zero_point", HybridLoaders.MergedZeros, $"{merged}, gate_words = 4, up_words = 8, groups = 3");
        yield return new($"int4-qkv{tail}.weight_zero_point", HybridLoaders.QueryZeros, $"{queries}, q_words = 8, kv_words = 2, groups = 3");
    }

    private static IEnumerable<HybridCase> GptqAndAwq()
    {
        const string merged = "gate = 32, up = 64", mergedWords = "gate = 32, up = 64, gate_words = 4, up_words = 8", queries = "heads = 8, kv = 2, dim = 8", queryWords = "heads = 8, kv = 2, dim = 8, q_words = 8, kv_words = 2";
        yield return new("gptq-row.qweight", HybridLoaders.GptqRow, "in = 64, in_words = 8, out = 24");
        yield return new("awq-row.qweight", HybridLoaders.AwqRow, "in = 64, out = 3");
        yield return new("gptq-merged.qweight", HybridLoaders.MergedColumns, $"{merged}, rows = 6", ".qweight");
        yield return new("awq-merged.qweight", HybridLoaders.MergedWordColumns, $"{mergedWords}, rows = 48", ".qweight");
        yield return new("gptq-qkv.qweight", HybridLoaders.QueryColumns, $"{queries}, rows = 6", ".qweight");
        yield return new("awq-qkv.qweight", HybridLoaders.QueryWordColumns, $"{queryWords}, rows = 48", ".qweight");
        foreach (var name in new[] { "gptq", "awq" })
        {
            yield return new($"{name}-row.scales", HybridLoaders.GptqRowGroups, "in = 64, in_groups = 4, out = 24");
            yield return new($"{name}-row.qzeros", HybridLoaders.GptqRowGroups, "in = 64, in_groups = 4, out = 3", "proj.qzeros");
            yield return new($"{name}-merged.scales", HybridLoaders.MergedColumns, $"{merged}, rows = 3", ".scales");
            yield return new($"{name}-merged.qzeros", HybridLoaders.MergedWordColumns, $"{mergedWords}, rows = 3", ".qzeros");
            yield return new($"{name}-qkv.scales", HybridLoaders.QueryColumns, $"{queries}, rows = 3", ".scales");
            yield return new($"{name}-qkv.qzeros", HybridLoaders.QueryWordColumns, $"{queryWords}, rows = 3", ".qzeros");
        }
    }
}
