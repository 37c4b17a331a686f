namespace Ball.Media.Bitstream;

/// <summary>nal_unit_type, those that matter here.</summary>
internal enum NalType
{
    Slice = 1,
    PartitionA = 2,
    PartitionC = 4,
    IdrSlice = 5,
    SequenceParameters = 7,
    PictureParameters = 8,
}
