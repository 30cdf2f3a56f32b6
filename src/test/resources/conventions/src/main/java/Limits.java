class Limits {

    private static final DataSize LIKE = DataSize.ofKilobytes(64);

    private static final Map<String, DataSize> LIMITS = Map.of("/like/like", LIKE);
}
