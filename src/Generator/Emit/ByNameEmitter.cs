namespace Lanyard.Generator.Emit;

/// <summary>Writes the overrides of what TorchSharp does with parameters by their registered names, past the properties.</summary>
internal static class ByNameEmitter
{
    // TorchSharp's own Dispose asks for the parameters without those of children, whatever the state; all else that reads goes by these two.
    public static void Emit(CodeWriter writer) => writer.Lines("""
        /// <inheritdoc/>
        public override global::System.Collections.Generic.IEnumerable<(string name, global::TorchSharp.Modules.Parameter parameter)> named_parameters(bool recurse = true)
        {
            if (recurse) Parameters.CheckReadable();
            else Parameters.MakeForListing();
            return base.named_parameters(recurse);
        }

        /// <inheritdoc/>
        public override global::TorchSharp.Modules.Parameter? get_parameter(string target)
        {
            Parameters.CheckReadable();
            return base.get_parameter(target);
        }

        /// <inheritdoc/>
        public override (global::System.Collections.Generic.IList<string> missing_keys, global::System.Collections.Generic.IList<string> unexpected_keyes) load_state_dict(
            global::System.Collections.Generic.Dictionary<string, global::TorchSharp.torch.Tensor> source,
            bool strict = true,
            global::System.Collections.Generic.IList<string>? skip = null) => throw Parameters.WritesByName(nameof(load_state_dict));

        /// <inheritdoc/>
        public override global::TorchSharp.torch.nn.Module load(
            global::System.IO.BinaryReader reader,
            bool strict = true,
            global::System.Collections.Generic.IList<string>? skip = null,
            global::System.Collections.Generic.Dictionary<string, bool>? loadedParameters = null) => throw Parameters.WritesByName(nameof(load));

        """);
}
