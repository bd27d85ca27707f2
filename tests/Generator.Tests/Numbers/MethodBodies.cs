using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Lanyard.Generator.Tests.Numbers;

/// <summary>What the methods of one assembly call in that assembly, by metadata tokens.</summary>
internal sealed class MethodBodies : IDisposable
{
    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;

    public MethodBodies(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _metadata = _file.GetMetadataReader();
    }

    public IEnumerable<int> Methods => _metadata.MethodDefinitions.Select(method => MetadataTokens.GetToken(method));

    public void Dispose() => _file.Dispose();

    /// <summary>The methods that a method calls, constructs with or makes delegates of.</summary>
    /// <param name="method">A token.</param>
    /// <param name="isFreed">Whether the value of the call ends in a local variable that a finally disposes of: it lives until then.</param>
    public IEnumerable<(int Callee, bool IsFreed)> Calls(int method)
    {
        var address = _metadata.GetMethodDefinition((MethodDefinitionHandle)MetadataTokens.EntityHandle(method)).RelativeVirtualAddress;
        if (address == 0) yield break;
        var body = _file.GetMethodBody(address);
        var code = body.GetILBytes()!;
        var instructions = Instructions(code).ToList();
        var disposed = Disposed(body, instructions).ToHashSet();
        for (var i = 0; i < instructions.Count; i++)
        {
            var (_, opcode, operand) = instructions[i];
            if (opcode.OperandType != OperandType.InlineMethod || Definition(MetadataTokens.EntityHandle(operand)) is not { } callee) continue;
            yield return (callee, i + 1 < instructions.Count && Stored(instructions[i + 1]) is { } local && disposed.Contains(local));
        }
    }

    private static IEnumerable<(int Offset, OpCode Code, int Operand)> Instructions(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var start = at;
            var value = (int)code[at++];
            if (value == 0xFE) value = (value << 8) | code[at++];
            var opcode = Codes[value];
            var size = opcode.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
            yield return (start, opcode, size switch { 0 => 0, 1 => code[at], 2 => BitConverter.ToInt16(code, at), _ => BitConverter.ToInt32(code, at) });
            at += size;
        }
    }

    /// <summary>The local variables on which a finally calls Dispose.</summary>
    private IEnumerable<int> Disposed(MethodBodyBlock body, List<(int Offset, OpCode Code, int Operand)> instructions) =>
        from region in body.ExceptionRegions
        where region.Kind == ExceptionRegionKind.Finally
        let handler = instructions.Where(item => item.Offset >= region.HandlerOffset && item.Offset < region.HandlerOffset + region.HandlerLength).ToList()
        where handler.Exists(item => item.Code.OperandType == OperandType.InlineMethod && Name(MetadataTokens.EntityHandle(item.Operand)) == "Dispose")
        from item in handler
        where Loaded(item) is not null
        select Loaded(item)!.Value;

    private static int? Stored((int Offset, OpCode Code, int Operand) item) => Local(item, OpCodes.Stloc_0, OpCodes.Stloc_S, OpCodes.Stloc);

    private static int? Loaded((int Offset, OpCode Code, int Operand) item) => Local(item, OpCodes.Ldloc_0, OpCodes.Ldloc_S, OpCodes.Ldloc);

    private static int? Local((int Offset, OpCode Code, int Operand) item, OpCode first, OpCode shortForm, OpCode longForm) =>
        item.Code == shortForm || item.Code == longForm ? item.Operand
        : item.Code.Value - first.Value is >= 0 and < 4 and var local ? local
        : null;

    private string Name(EntityHandle method) => method.Kind switch
    {
        HandleKind.MethodDefinition => _metadata.GetString(_metadata.GetMethodDefinition((MethodDefinitionHandle)method).Name),
        HandleKind.MemberReference => _metadata.GetString(_metadata.GetMemberReference((MemberReferenceHandle)method).Name),
        _ => "",
    };

    /// <summary>The token of the method's definition, or null where it is another assembly's.</summary>
    private int? Definition(EntityHandle method) => method.Kind switch
    {
        HandleKind.MethodDefinition => MetadataTokens.GetToken(method),
        HandleKind.MethodSpecification => Definition(_metadata.GetMethodSpecification((MethodSpecificationHandle)method).Method),
        HandleKind.MemberReference => OfGeneric(_metadata.GetMemberReference((MemberReferenceHandle)method)),
        _ => null,
    };

    /// <summary>A method of a constructed type is referred to with the signature that its definition has.</summary>
    private int? OfGeneric(MemberReference reference)
    {
        if (reference.Parent.Kind == HandleKind.MethodDefinition) return MetadataTokens.GetToken(reference.Parent);
        if (reference.Parent.Kind != HandleKind.TypeSpecification) return null;
        var blob = _metadata.GetBlobReader(_metadata.GetTypeSpecification((TypeSpecificationHandle)reference.Parent).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance) return null;
        blob.ReadByte();
        if (blob.ReadTypeHandle() is not { Kind: HandleKind.TypeDefinition } type) return null;
        var signature = _metadata.GetBlobBytes(reference.Signature);
        return _metadata.GetTypeDefinition((TypeDefinitionHandle)type).GetMethods()
            .Where(method => _metadata.GetMethodDefinition(method) is var found
                && _metadata.StringComparer.Equals(found.Name, _metadata.GetString(reference.Name)) && _metadata.GetBlobBytes(found.Signature).AsSpan().SequenceEqual(signature))
            .Select(method => (int?)MetadataTokens.GetToken(method)).FirstOrDefault();
    }
}
